// Every page of ours in front of whoever sees, hears, types or holds it differently: axe-core finds nothing against WCAG 2.2 A
// and AA, in both languages, light and dark, at 1280 pixels and at 320, which is the same window at 400 %; Tab goes through it
// in order and is seen; the countdown speaks up three times and not every second.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { Demo } from '../../src/cli/start-demo.ts';
import { languages } from '../../src/core/language/language.ts';
import type { Language } from '../../src/core/language/language.ts';
import { wordsIn } from '../../src/pages/words-in.ts';
import { barriersOn } from '../support/accessibility.ts';
import { plugIn } from '../support/authenticator.ts';
import { launch, visitor } from '../support/browser.ts';
import type { Visitor } from '../support/browser.ts';
import { codeAt, recordsOf, roleLines } from '../support/clinic-story.ts';
import { story } from '../support/demo-story.ts';
import { pageEhr } from '../support/page-ehr.ts';
import { requirement } from '../support/requirements.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const chromium = requirement('chromium');

const rules = `${roleLines}
denyAlways: ["/setup/**"]
rules:
  - { name: notes, paths: [/chart/notes], methods: [GET, POST], allow: [nurse, physician] }
  - { name: emergencies, paths: [/chart], allow: physician, emergency: front-desk }
  - { name: strict, paths: [/strict], allow: everyone, factor: phishing-resistant }
  - { name: reports, paths: ["/reports/**"], allow: records }
  - { name: console, area: wardgate.console, allow: nurse }
  - { name: rest, paths: [/main, /welcome, /messages, /static/**, /fault/**], allow: everyone }
downloads:
  everyone: { files: 30/hour, size: 200MB/day, patients: 60/hour, then: ask }
`;
const logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30"><path fill="#0b5c6b" d="M0 0h30v30H0z"/><path d="M40 10h50v10H40z"/></svg>`;

/** Pages of a session that are simply opened, by whom. */
const opened: readonly (readonly [name: string, by: string, path: string])[] = [
  ['me', 'nurse', '/.wardgate/me'],
  ['sign-out', 'nurse', '/.wardgate/sign-out'],
  ['signed-out', 'nurse', '/.wardgate/signed-out'],
  ['step-up', 'nurse', '/.wardgate/step-up'],
  ['step-up-without-passkey', 'nurse', '/strict'],
  ['factors', 'nurse', '/.wardgate/factors'],
  ['more-downloads', 'nurse', '/.wardgate/more-downloads'],
  ['emergency', 'front-desk', '/chart?pid=7'],
  ['no-emergency', 'nurse', '/.wardgate/emergency'],
  ['nothing-held', 'nurse', '/.wardgate/held'],
  ['leave-frame', 'nurse', '/.wardgate/leave-frame?to=%2Fchart'],
  ['unlocked', 'nurse', '/.wardgate/unlocked'],
  ['no-rule', 'nurse', '/not/in/any/rule/with/a/rather/long/path/that/has/no/place/to/break/anywhere-but-in-the-middle'],
  ['denied-always', 'nurse', '/setup/install'],
  ['malformed', 'nurse', '/a/..%2fb'],
  ['not-found', 'nurse', '/.wardgate/nothing'],
  ['device', 'nurse', '/.wardgate/device'],
  ['switch', 'nurse', '/.wardgate/switch'],
  ['own-sessions', 'nurse', '/.wardgate/sessions'],
  ['ehr-breaks-off', 'nurse', '/fault/reset'],
];

const pagesIn = (language: Language): void => {
  const words = wordsIn(language);
  let demo: Demo;
  let browser: Browser;
  const clock = new ShiftingClock();
  const people = new Map<string, Promise<Visitor>>();

  beforeAll(async () => {
    browser = await launch(chromium.path ?? '');
    demo = await story({
      rules,
      clock,
      rewriteGateway: (yaml) => yaml.replace(/^    upstream:/m, '    pageScript: off\n$&'),
    });
  });
  afterAll(async () => {
    await browser.close();
    await demo.close();
  });

  const fresh = (options = {}): Promise<Visitor> => visitor(browser, { locale: language, ...options });
  const barriers = (page: Page, name: string): Promise<string[]> => barriersOn(page, `${name}-${language}`);
  const start = (at: Demo, name: string, path: string): string =>
    `${at.origin}/.wardgate/sign-in?login_hint=${name}&return=${encodeURIComponent(path)}`;

  async function enter(page: Page, at: Demo, name: string, path: string): Promise<void> {
    clock.forward({ minutes: 1 });
    await page.goto(start(at, name, path));
    await page.fill('input[name=code]', codeAt(at, name, clock));
    await Promise.all([page.waitForURL(at.origin + path), page.click('button[type=submit]')]);
  }

  async function pageOf(name: string): Promise<Page> {
    const person =
      people.get(name) ??
      fresh().then(async (one) => {
        await enter(one.page, demo, name, '/welcome');
        return one;
      });
    people.set(name, person);
    return (await person).page;
  }

  test.each(opened)('%s', async (name, by, path) => {
    const page = await pageOf(by);
    await page.goto(demo.origin + path);
    expect(await page.getAttribute('html', 'lang')).toBe(language);
    expect(await barriers(page, name)).toEqual([]);
  });

  test('a refusal, and asking for access there', async () => {
    const page = await pageOf('nurse');
    await page.goto(`${demo.origin}/reports/patients`);
    await page.click('details.ask summary');
    expect(await page.textContent('h1')).toBe(words.titles['role-not-permitted']);
    expect(await barriers(page, 'ask')).toEqual([]);
    const request = (await page.textContent('dd code')) ?? '';
    await page.fill('#why', 'I cover for Bea today');
    await page.click('details.ask button');
    await page.getByRole('heading', { name: words.ask.doneTitle }).waitFor();
    expect(await barriers(page, 'asked')).toEqual([]);
    expect(recordsOf(demo, 'access-asked').at(-1)).toMatchObject({
      request,
      rule: 'reports',
      target: '/reports/patients',
      reason: 'role-not-permitted',
      detail: 'I cover for Bea today',
      subject: { name: 'nurse' },
    });
    await expect
      .poll(
        async () => {
          await page.goto(`${demo.origin}/.wardgate/console?show=asked`);
          return page.locator('tbody tr').count();
        },
        { timeout: 20_000 },
      )
      .toBe(1);
    expect(await barriers(page, 'console')).toEqual([]);
    expect(await page.textContent('tbody')).toContain('I cover for Bea today');
  });

  test('the way in: a code, a wrong one, one that came too late', async () => {
    const { context, page } = await fresh();
    await page.goto(start(demo, 'physician', '/welcome'));
    await page.click('summary');
    expect(await barriers(page, 'code')).toEqual([]);
    await page.fill('input[name=code]', 'nonsense');
    await page.click('button[type=submit]');
    await page.getByText(words.factor.wrong).waitFor();
    expect(await barriers(page, 'wrong-code')).toEqual([]);
    await context.clearCookies();
    for (let time = 0; time < 2; time += 1) await page.goto(`${demo.origin}/.wardgate/callback?code=x&state=y`);
    expect(await barriers(page, 'sign-in-failed')).toEqual([]);
    await context.close();
  });

  test('setting up either factor, recovery codes, and with a key from then on', { timeout: 120_000 }, async () => {
    const { context, page } = await fresh();
    await plugIn(page);
    await page.goto(start(demo, 'newcomer', '/welcome'));
    await page.click('summary');
    expect(await barriers(page, 'enrol')).toEqual([]);
    await page.fill('#passkey-name', 'Key on my badge');
    await page.click('form[data-passkey] button');
    await page.getByRole('heading', { name: words.recovery.title }).waitFor();
    expect(await barriers(page, 'recovery')).toEqual([]);
    await page.goto(`${demo.origin}/.wardgate/me`);
    expect(await barriers(page, 'me-with-notice')).toEqual([]);
    await page.goto(`${demo.origin}/.wardgate/factors`);
    expect(await barriers(page, 'factors-with-key')).toEqual([]);
    await page.goto(`${demo.origin}/.wardgate/step-up?only=passkey`);
    expect(await barriers(page, 'step-up-with-key')).toEqual([]);
    clock.forward({ minutes: 16 });
    await page.goto(`${demo.origin}/main`);
    await page.getByRole('heading', { name: words.lock.locked }).waitFor();
    expect(await barriers(page, 'unlock')).toEqual([]);
    await context.clearCookies();
    await page.goto(start(demo, 'newcomer', '/welcome'));
    await page.locator('form[data-passkey] button').waitFor();
    expect(await barriers(page, 'code-with-key')).toEqual([]);
    await context.close();
  });

  test('what is held for somebody', async () => {
    const { context, page } = await fresh();
    await enter(page, demo, 'nurse', '/main');
    await page.goto(`${demo.origin}/chart/notes?pid=7`);
    await page.fill('textarea', 'Wound dry and clean');
    clock.forward({ minutes: 46 });
    await page.click('form:has(textarea) button');
    await page.waitForURL((url) => url.origin !== demo.origin || url.pathname.startsWith('/.wardgate/'));
    await enter(page, demo, 'nurse', '/.wardgate/held');
    await page.getByText(words.held.send).waitFor();
    expect(await barriers(page, 'held')).toEqual([]);
    await context.close();
    people.clear();
  });

  test('one’s own password for the EHR, under the clinic’s logo', async () => {
    const drawn = join(temporaryDirectory(), 'logo.svg');
    writeFileSync(drawn, logo);
    const own = await story({
      clock,
      applicationLines: ['preset: legacy-demo', 'signOn: own-password'],
      ehr: { signOn: 'form' },
      rewriteGateway: (yaml) => yaml.replace('clinic: { ', `clinic: { logo: ${drawn}, `),
    });
    const { context, page, complaints } = await fresh();
    clock.forward({ minutes: 1 });
    await page.goto(start(own, 'nurse', '/welcome'));
    await page.fill('input[name=code]', codeAt(own, 'nurse', clock));
    await Promise.all([page.waitForURL(`${own.origin}/.wardgate/credential**`), page.click('button[type=submit]')]);
    expect(await page.locator('header img').evaluate((one): unknown => Reflect.get(one, 'naturalWidth'))).toBeGreaterThan(0);
    expect(await barriers(page, 'credential')).toEqual([]);
    await page.fill('#username', 'a:b');
    await page.fill('#password', 'x');
    await page.click('button[type=submit]');
    await page.waitForSelector('[role=alert]');
    expect(await barriers(page, 'credential-refused')).toEqual([]);
    // The drawing is nothing but a picture, even to whoever opens it by itself.
    const reply = await context.request.get(own.origin + ((await page.getAttribute('header img', 'src')) ?? ''));
    expect(reply.headers()).toMatchObject({
      'content-type': 'image/svg+xml',
      'content-security-policy': expect.stringMatching(/^default-src 'none';.*sandbox$/),
      'x-content-type-options': 'nosniff',
    });
    expect(complaints).toEqual([]);
    await context.close();
    await own.close();
  });

  test('the countdown and the cover over a page of the EHR', { timeout: 120_000 }, async () => {
    const ehr = await pageEhr({ clock });
    ehr.pages.set('/start', {
      body: '<!doctype html><html lang="en"><title>Start</title><h1>Chart of Bea</h1><textarea aria-label="Note"></textarea>',
    });
    const { context, page } = await fresh();
    // The cover stands in a closed root, where nobody looks but a test that opens it.
    await page.addInitScript(`const attach = Element.prototype.attachShadow;
      Element.prototype.attachShadow = function (init) { return attach.call(this, { ...init, mode: 'open' }); };`);
    await page.clock.install();
    await enter(page, ehr.demo, 'nurse', '/start');
    // The page tells of the typing; before the server has heard of it, time must not pass.
    const told = page.waitForResponse((one) => one.request().method() === 'POST' && one.url().endsWith('/activity'));
    await page.fill('textarea', 'half a note');
    await told;
    clock.forward({ minutes: 14.5 });
    const warning = page.locator('wardgate-cover .warning');
    await expect
      .poll(
        async () => {
          await page.evaluate('document.dispatchEvent(new Event("visibilitychange"))');
          return warning.count();
        },
        { timeout: 20_000 },
      )
      .toBe(1);
    expect(await warning.getAttribute('lang')).toBe(language);
    await page.evaluate(`window.heard = []; new MutationObserver(() => heard.push(1)).observe(
      document.querySelector('wardgate-cover').shadowRoot.querySelector('[role=status]'), { childList: true, characterData: true, subtree: true })`);
    await page.clock.runFor(25_000);
    // Ten seconds before the end, and at thirty where the warning began before; twenty others passed in silence.
    expect([1, 2]).toContain(await page.evaluate('heard.length'));
    clock.forward({ minutes: 2 });
    await page.evaluate('void fetch("/beat")');
    await page.locator('wardgate-cover dialog').waitFor();
    await expect.poll(() => page.locator('wardgate-cover #limit').textContent()).toMatch(/ \d\d:\d\d\./);
    expect(await page.locator('wardgate-cover h1').textContent()).toBe(words.lock.locked);
    expect(await barriers(page, 'cover')).toEqual([]);
    await page.locator('wardgate-cover input').fill('nonsense');
    await page.keyboard.press('Enter');
    await page.getByText(words.factor.wrong).waitFor();
    expect(await barriers(page, 'cover-wrong')).toEqual([]);
    clock.forward({ minutes: 60 });
    await page.clock.runFor(16_000);
    await page.getByText(words.lock.ended).waitFor();
    expect(await barriers(page, 'cover-ended')).toEqual([]);
    expect(await page.inputValue('textarea')).toBe('half a note');
    await context.close();
    await ehr.close();
  });
};

for (const language of languages) chromium.describe(`pages in ${language}`, () => pagesIn(language));
