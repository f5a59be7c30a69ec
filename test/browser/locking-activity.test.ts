// Whom a session takes for a person, in Chromium: dictation that brings words without keys, and pages that load themselves,
// move themselves and make up events, which are nobody. And what a lock over frames and icons leaves as it was.

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { codeAt } from '../support/clinic-story.ts';
import { launch, visitor } from '../support/browser.ts';
import { pageEhr } from '../support/page-ehr.ts';
import type { PageEhr } from '../support/page-ehr.ts';
import { requirement } from '../support/requirements.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const chromium = requirement('chromium');
const cover = 'document.querySelectorAll("wardgate-cover").length';
const patient = { timeout: 15_000 };

chromium.describe('who counts as a person', () => {
  let ehr: PageEhr;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const clock = new ShiftingClock();

  beforeAll(async () => {
    ehr = await pageEhr({ clock });
    browser = await launch(chromium.path ?? '');
    ehr.pages.set('/start', { body: '<!doctype html><title>Start</title><p>Start' });
    ehr.pages.set('/still', { body: '<!doctype html><title>Still</title><p>Still' });
  });
  beforeEach(async () => {
    clock.forward({ minutes: 2 });
    ({ context, page } = await visitor(browser));
    await page.goto(`${ehr.demo.origin}/.wardgate/sign-in?login_hint=nurse&return=%2Fstart`);
    await page.fill('input[name=code]', codeAt(ehr.demo, 'nurse', clock));
    await Promise.all([page.waitForURL(`${ehr.demo.origin}/start`), page.click('button[type=submit]')]);
  });
  afterEach(async () => context.close());
  afterAll(async () => {
    await browser.close();
    await ehr.close();
  });

  async function open(path: string, body: string, headers: Record<string, string> = {}): Promise<void> {
    ehr.pages.set(path, { body, headers });
    await page.goto(ehr.demo.origin + path);
  }

  const loads = (path: string): number => ehr.seen.filter((one) => one.startsWith(`GET ${path}`)).length;
  /** How the session stands, asked from beside the page: the page hears nothing of it. */
  const status = (): Promise<number> =>
    page.request.get(`${ehr.demo.origin}/beat`, { headers: { 'sec-fetch-mode': 'cors' } }).then((one) => one.status());

  async function unlock(): Promise<void> {
    clock.forward({ seconds: 31 });
    await page.keyboard.type(codeAt(ehr.demo, 'nurse', clock));
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(cover), patient).toBe(0);
  }

  test('whoever dictates', async () => {
    await open('/dictate', '<!doctype html><title>Dictate</title><textarea id="t"></textarea>');
    await page.focus('#t');
    for (let times = 0; times < 3; times += 1) {
      clock.forward({ minutes: 14 });
      // The script tells at most every half minute of its own clock; a page opened anew tells at once.
      await page.reload();
      await page.focus('#t');
      clock.forward({ seconds: 50 });
      const told = page.waitForResponse((one) => one.url().endsWith('/activity') && one.request().method() === 'POST');
      await page.keyboard.insertText('Wound dry. ');
      expect((await told).status()).toBe(200);
    }
    expect([await page.inputValue('#t'), await status()]).toEqual(['Wound dry. ', 200]);
  });

  const timer = (act: string): string => `<script>setInterval(function () { tries += 1; ${act} }, 500)</script>`;
  const counted = `<script>window.tries = 0; navigation.addEventListener('navigate', function () { tries += 1 })</script>`;
  const lies = `<script>setInterval(function () { for (const kind of ['keydown', 'input', 'pointermove', 'wheel'])
    document.dispatchEvent(new Event(kind, { bubbles: true })) }, 50)</script>`;

  test.each([
    [
      'a frame that loads itself',
      `<iframe id="f" src="/still"></iframe>${timer("document.getElementById('f').contentWindow.location.reload()")}`,
      '/still',
    ],
    [
      'a frame that is sent elsewhere',
      `<iframe id="f" src="/still"></iframe>${timer("document.getElementById('f').src = '/still?' + Math.random()")}`,
      '/still',
    ],
    ['a page that refreshes', `<meta http-equiv="refresh" content="1">`, '/lying'],
    ['a page that moves itself', timer("location.href = '/lying?'"), '/lying'],
    ['a script that asks and makes up events', `${lies}${timer("fetch('/still')")}`, '/still'],
  ])('never %s, which stays where it is under the lock and goes on after it', async (_what, body, path) => {
    for (const query of ['', '?'])
      ehr.pages.set(`/lying${query}`, { body: `<!doctype html><title>Lying</title>${counted}${body}` });
    await page.goto(`${ehr.demo.origin}/lying`);
    const before = loads(path);
    clock.forward({ minutes: 8 });
    await expect.poll(() => loads(path), patient).toBeGreaterThan(before + 2);
    clock.forward({ minutes: 8 });
    expect(await status()).toBe(423);
    await page.evaluate('void fetch("/beat")').catch(() => undefined);
    await expect.poll(() => page.evaluate(cover), patient).toBe(1);
    const under = loads(path);
    // Several tries, of which nothing comes: not even the page that unlocks, also right after a key.
    await page.keyboard.press('x');
    await page.keyboard.press('Backspace');
    const tries = Number(await page.evaluate('tries'));
    await expect.poll(() => page.evaluate('tries'), patient).toBeGreaterThan(Math.min(tries, 2));
    expect(
      page
        .frames()
        .map((one) => new URL(one.url()).pathname)
        .filter((one) => one.startsWith('/.wardgate')),
    ).toEqual([]);
    expect([loads(path), await page.evaluate(cover)]).toEqual([under, 1]);
    await unlock();
    await expect.poll(() => loads(path), patient).toBeGreaterThan(under);
    // What goes on for ever would outlast the browser's patience with its end.
    for (const query of ['', '?']) ehr.pages.delete(`/lying${query}`);
    await page.goto('about:blank').catch(() => undefined);
  });

  test('where a policy shuts the script out, pages that people open count, and typing does not', async () => {
    const shut = { 'content-security-policy': "script-src 'none'" };
    await open('/shut', '<!doctype html><title>Shut</title><a href="/shut">Again</a><textarea></textarea>', shut);
    expect(await page.content()).not.toContain('page.js');
    clock.forward({ minutes: 10 });
    await page.click('a');
    await page.waitForLoadState();
    clock.forward({ minutes: 10 });
    expect(await status()).toBe(200);
    await page.fill('textarea', 'typed');
    clock.forward({ minutes: 5 });
    expect(await status()).toBe(423);
  });

  test('frames keep their doctype and their order, all of them listen, and the top one alone shows and tells', async () => {
    const doctype = '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01 Frameset//EN" "http://www.w3.org/TR/html4/frameset.dtd">';
    ehr.pages.set('/left', { body: '<!doctype html><title>Left</title><input>' });
    await open(
      '/frames',
      `${doctype}<html><head><title>Frames</title><link rel="icon" href="/own.svg"></head>
      <frameset cols="50%,*"><frame src="/left" name="left"><frame src="/still" name="right"></frameset></html>`,
    );
    const left = page.frame({ name: 'left' });
    expect(await page.evaluate('[document.doctype.publicId, document.compatMode, document.body.tagName]')).toEqual([
      '-//W3C//DTD HTML 4.01 Frameset//EN',
      'CSS1Compat',
      'FRAMESET',
    ]);
    const tellers: string[] = [];
    page.on('request', (one) => one.url().endsWith('/activity') && one.method() === 'POST' && tellers.push(one.frame().url()));
    await left?.locator('input').click();
    await expect.poll(() => tellers, patient).toEqual([`${ehr.demo.origin}/frames`]);
    clock.forward({ minutes: 16 });
    await page.evaluate('void fetch("/beat")');
    await expect.poll(() => page.evaluate(cover), patient).toBe(1);
    expect(await Promise.all(page.frames().map((one) => one.evaluate(cover)))).toEqual([1, 0, 0]);
    const icon = 'document.querySelector("link[rel=icon]").getAttribute("href")';
    expect([await page.title(), await page.evaluate(icon)]).toEqual(['Locked', expect.stringContaining('/.wardgate/assets/')]);
    await unlock();
    expect([await page.title(), await page.evaluate(icon)]).toEqual(['Frames', '/own.svg']);
  });
});
