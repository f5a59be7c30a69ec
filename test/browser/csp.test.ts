// The policy of our own pages in a real browser: whatever markup gets into a page does not run, load or lead anywhere, and in
// normal use no page ever breaks the policy. The pages escape what people write; this is what holds when one of them does not.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { Demo } from '../../src/cli/start-demo.ts';
import { contentSecurityPolicy } from '../../src/pages/content-security-policy.ts';
import { Codes, enter, launch, visitor } from '../support/browser.ts';
import type { Visitor } from '../support/browser.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { story } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';

const chromium = requirement('chromium');

/** Runs before anything of the page: keeps every violation of its policy. */
const listen = `window.violations = []; document.addEventListener('securitypolicyviolation', (event) => window.violations.push(event.effectiveDirective));`;

const injections: readonly (readonly [what: string, markup: string, directive: string])[] = [
  ['an inline script', '<script>window.owned = 1</script>', 'script-src-elem'],
  ['a script from elsewhere', '<script src="http://127.0.0.1:9/x.js"></script>', 'script-src-elem'],
  ['a script in an address', '<script src="data:text/javascript,window.owned=1"></script>', 'script-src-elem'],
  ['a module', '<script type="module">window.owned = 1</script>', 'script-src-elem'],
  ['a handler', '<img src="data:," onerror="window.owned = 1">', 'script-src-attr'],
  ['a handler of a picture drawn by hand', '<svg onload="window.owned = 1"></svg>', 'script-src-attr'],
  ['a frame from elsewhere', '<iframe src="http://127.0.0.1:9/"></iframe>', 'frame-src'],
  ['an object', '<object data="http://127.0.0.1:9/x"></object>', 'object-src'],
  ['a style', '<style>body { background: url(http://127.0.0.1:9/x) }</style>', 'style-src-elem'],
  ['a style in an attribute', '<p style="background: url(http://127.0.0.1:9/x)">x</p>', 'style-src-attr'],
  ['a sheet from elsewhere', '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">', 'style-src-elem'],
  ['a picture from elsewhere', '<img src="http://127.0.0.1:9/x.png">', 'img-src'],
  ['another base', '<base href="http://127.0.0.1:9/">', 'base-uri'],
];

/** Runs in the page: each sink must refuse a text. */
const sinks = `(() => {
  const tried = {
    innerHTML: () => { document.body.innerHTML = '<img src=x onerror="window.owned = 1">'; },
    outerHTML: () => { document.body.lastElementChild.outerHTML = '<p>x</p>'; },
    insertAdjacentHTML: () => document.body.insertAdjacentHTML('beforeend', '<p>x</p>'),
    write: () => document.write('<script>window.owned = 1<' + '/script>'),
    scriptText: () => { document.createElement('script').text = 'window.owned = 1'; },
    scriptSource: () => { document.createElement('script').src = '/.wardgate/assets/print.js'; },
    parser: () => new DOMParser().parseFromString('<p>x</p>', 'text/html'),
    frame: () => { document.createElement('iframe').srcdoc = '<p>x</p>'; },
    policy: () => window.trustedTypes.createPolicy('mine', { createHTML: (text) => text }),
  };
  const passed = [];
  for (const [name, act] of Object.entries(tried)) {
    try { act(); passed.push(name); } catch (error) { if (!(error instanceof TypeError)) passed.push(name + ': ' + error); }
  }
  return passed;
})()`;

chromium.describe('the policy of our own pages', () => {
  let demo: Demo;
  let browser: Browser;
  let codes: Codes;
  let nurse: Visitor;
  let officer: Visitor;

  beforeAll(async () => {
    demo = await story();
    codes = new Codes(demo);
    browser = await launch(chromium.path ?? '');
    nurse = await arrive('nurse');
    officer = await arrive('security');
  });
  afterAll(async () => {
    await browser.close();
    await demo.close();
  });

  async function arrive(name: string): Promise<Visitor> {
    const person = await visitor(browser);
    await person.context.addInitScript(listen);
    await enter(person.page, demo, codes, name, '/welcome');
    return person;
  }

  /** The page at `path` with more markup than we wrote, under the headers we send. */
  async function openWith(person: Visitor, path: string, markup: string): Promise<Page> {
    const page = await person.context.newPage();
    await page.route(`${demo.origin}${path}`, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()).replace('</main>', `${markup}</main>`) });
    });
    await page.goto(demo.origin + path);
    return page;
  }

  const violationsOf = async (page: Page): Promise<string[]> => (await page.evaluate('window.violations')) as string[];

  describe.each([
    ['/.wardgate/me', () => nurse],
    ['/not/in/any/rule', () => nurse],
    ['/.wardgate/console', () => officer],
  ])('%s', (path, person) => {
    test.each(injections)('stops %s', async (_what, markup, directive) => {
      const page = await openWith(person(), path, markup);
      await expect.poll(() => violationsOf(page)).toContain(directive);
      expect(await page.evaluate('window.owned')).toBeUndefined();
      expect(await page.evaluate('document.baseURI')).toBe(demo.origin + path);
      await page.close();
    });

    test('stops a form that would lead elsewhere', async () => {
      const page = await openWith(
        person(),
        path,
        '<form id="theirs" action="http://127.0.0.1:9/"><input name="code" value="1" /><button>x</button></form>',
      );
      await page.evaluate(`void document.querySelector('#theirs button').click()`);
      await expect.poll(() => violationsOf(page)).toContain('form-action');
      expect(page.url()).toBe(demo.origin + path);
      await page.close();
    });

    test('stops a script in a frame of its own markup', async () => {
      const page = await openWith(person(), path, '<iframe srcdoc="<script>parent.owned = 1</script>"></iframe>');
      await expect.poll(() => page.frames()[1]?.evaluate('window.violations')).toEqual(['script-src-elem']);
      expect(await page.evaluate('window.owned')).toBeUndefined();
      await page.close();
    });

    test('takes no text for markup or script, whoever asks', async () => {
      const page = await openWith(person(), path, '<p>x</p>');
      expect(await page.evaluate(sinks)).toEqual([]);
      expect(await page.evaluate('window.owned')).toBeUndefined();
      await page.close();
    });

    test('asks nothing of anybody else', async () => {
      const page = await openWith(person(), path, '');
      expect(await page.evaluate(`fetch('http://127.0.0.1:9/').then(() => 'went', () => 'stopped')`)).toBe('stopped');
      await expect.poll(() => violationsOf(page)).toContain('connect-src');
      await page.close();
    });
  });

  test('no page breaks it in normal use', async () => {
    const paths = [
      '/.wardgate/me',
      '/.wardgate/sign-out',
      '/.wardgate/signed-out',
      '/.wardgate/step-up',
      '/.wardgate/emergency',
      '/.wardgate/more-downloads',
      '/.wardgate/nothing',
      '/reports/patients',
      '/a/..%2fb',
      '/chart?pid=1&pid=2',
    ];
    for (const [person, more] of [
      [nurse, paths],
      [officer, ['/.wardgate/console', '/.wardgate/console?show=review&person=%3Cscript%3E']],
    ] as const) {
      const before = person.complaints.length;
      for (const path of more) {
        const page = await person.context.newPage();
        await page.goto(demo.origin + path);
        expect(await violationsOf(page), path).toEqual([]);
        await page.close();
      }
      expect(
        person.complaints.slice(before).filter((one) => one.includes('/.wardgate/') && one.includes('Content Security Policy')),
      ).toEqual([]);
    }
  });

  test('the way in keeps it too: code, enrolment, recovery codes, and the way out of a frame', async () => {
    const { context, page, complaints } = await visitor(browser);
    await context.addInitScript(listen);
    await page.goto(`${demo.origin}/.wardgate/sign-in?login_hint=newcomer`);
    expect(await violationsOf(page)).toEqual([]);
    const secret = ((await page.textContent('.secret')) ?? '').replaceAll(/\s/g, '');
    await page.fill('input[name=code]', await codes.of(secret));
    await page.click('button[type=submit]');
    await page.waitForSelector('.codes');
    expect(await violationsOf(page)).toEqual([]);
    await page.goto(`${demo.origin}/.wardgate/leave-frame?to=%2Fwelcome`);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

test('every page of ours carries the whole policy, refusals outside our prefix too', async () => {
  const demo = await story();
  const client = new CookieClient();
  const headers = { accept: 'text/html', 'sec-fetch-dest': 'document' };
  for (const path of [
    '/.wardgate/signed-out',
    '/.wardgate/nothing',
    '/.wardgate/leave-frame',
    '/.wardgate/assets/none',
    '/a/..%2fb',
    '/.wardgate/callback?error=x&state=y&state=y',
  ]) {
    const reply = await client.ask(demo.origin + path, { headers });
    if (reply.headers['content-type']?.startsWith('text/html') !== true) continue;
    expect(reply.headers['content-security-policy'], path).toBe(contentSecurityPolicy());
  }
  expect(contentSecurityPolicy()).not.toMatch(/unsafe|\*|https?:/);
  for (const needed of [
    "default-src 'none'",
    "script-src 'self'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
    "frame-ancestors 'self'",
  ])
    expect(contentSecurityPolicy()).toContain(needed);
  await demo.close();
});
