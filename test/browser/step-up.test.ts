// Confirming once more in a real browser: a form goes on to the answer of the EHR, in the window and in a frame, and Back sends
// nothing twice; a script's request waits behind a sheet over its page and is sent again, or not.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Frame, Page } from 'playwright-core';
import { codeAt, recordsOf, roleLines } from '../support/clinic-story.ts';
import { plugIn } from '../support/authenticator.ts';
import { launch, visitor } from '../support/browser.ts';
import { eventually, story } from '../support/demo-story.ts';
import type { Demo } from '../../src/cli/start-demo.ts';
import { requirement } from '../support/requirements.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const chromium = requirement('chromium');
const rules = `${roleLines}
rules:
  - { name: strict, paths: [/strict], allow: everyone, factor: phishing-resistant }
  - { name: signed, paths: [/chart/notes], methods: [POST], allow: [nurse, physician], freshFactor: 5m }
  - { name: all, paths: ['/**'], methods: [GET, POST], allow: everyone, webSocket: true }
`;
const cover = 'document.querySelectorAll("wardgate-cover").length';
const ask = `window.told = 'nothing'; fetch('/strict').then((reply) => { window.told = reply.type + ' ' + reply.status; }); 0`;
const post = `window.told = 'nothing'; fetch('/chart/notes?pid=7', { method: 'POST', redirect: 'manual', body: new URLSearchParams({ note: 'By script' }) })
  .then((reply) => { window.told = reply.type + ' ' + reply.status; }); 0`;

chromium.describe('a confirmation in the middle of work', () => {
  let demo: Demo;
  let browser: Browser;
  const clock = new ShiftingClock();

  beforeAll(async () => {
    demo = await story({ rules, clock });
    browser = await launch(chromium.path ?? '');
  });
  afterAll(async () => {
    await browser.close();
    await demo.close();
  });

  async function atWork(name: string, path: string) {
    clock.forward({ minutes: 2 });
    const seen = await visitor(browser);
    await seen.page.goto(`${demo.origin}/.wardgate/sign-in?login_hint=${name}&return=${encodeURIComponent(path)}`);
    await seen.page.fill('input[name=code]', codeAt(demo, name, clock));
    await Promise.all([seen.page.waitForURL(demo.origin + path), seen.page.click('button[type=submit]')]);
    clock.forward({ minutes: 6 });
    return seen;
  }

  const notesOf = (words: string): number =>
    demo.ehr.requests().filter(({ method, target }) => method === 'POST' && target.startsWith(words)).length;

  async function pictures(page: Page, name: string): Promise<void> {
    const folder = process.env['WARDGATE_PICTURES'];
    if (folder === undefined) return;
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [320, 1200]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 800 });
        await page.screenshot({ path: `${folder}/${name}-${colorScheme}-${width}.png` });
      }
    await page.setViewportSize({ width: 1280, height: 800 });
  }

  test('a form lands on the answer of the EHR, and Back sends nothing twice', async () => {
    const { page, context, complaints } = await atWork('nurse', '/chart/notes?pid=7');
    await page.fill('textarea', 'Signed in the window');
    await page.click('form:has(textarea) button');
    await page.getByRole('heading', { name: 'Confirm once more' }).waitFor();
    const before = notesOf('/chart/notes');
    await page.fill('input[name=code]', codeAt(demo, 'nurse', clock));
    await Promise.all([page.waitForURL(`${demo.origin}/chart/notes?pid=7`), page.click('button[type=submit]')]);
    await page.getByText('Signed in the window').waitFor();
    expect(notesOf('/chart/notes') - before).toBe(1);
    await page.goBack();
    await page.goBack().catch(() => null);
    await page.waitForLoadState();
    expect(notesOf('/chart/notes') - before).toBe(1);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a form in a frame of the EHR is confirmed there and goes on there', async () => {
    const { page, context } = await atWork('physician', '/main');
    const work = page.frame({ name: 'work' }) as Frame;
    await work.goto(`${demo.origin}/chart/notes?pid=8`);
    await work.fill('textarea', 'Signed in the frame');
    await work.click('form:has(textarea) button');
    await work.waitForURL('**/.wardgate/step-up?**');
    await work.fill('input[name=code]', codeAt(demo, 'physician', clock));
    await work.click('button[type=submit]');
    await work.getByText('Signed in the frame').waitFor();
    expect([page.url(), work.url()]).toEqual([`${demo.origin}/main`, `${demo.origin}/chart/notes?pid=8`]);
    await context.close();
  });

  test('a script waits behind a sheet over the page, which stays; the request is sent again once it is confirmed', async () => {
    const { page, context, complaints } = await atWork('nurse', '/chart/notes?pid=9');
    await page.click('textarea');
    await page.keyboard.type('Half a note');
    const before = notesOf('/chart/notes');
    await page.evaluate(post);
    await expect.poll(() => page.evaluate(cover)).toBe(1);
    await pictures(page, 'confirm-sheet');
    await page.keyboard.type('000000');
    await page.keyboard.press('Enter');
    await eventually(() => recordsOf(demo, 'step-up-failed').length > 0, 'the wrong code');
    expect([await page.evaluate(cover), notesOf('/chart/notes') - before]).toEqual([1, 0]);
    await page.keyboard.type(codeAt(demo, 'nurse', clock));
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate('window.told')).toBe('opaqueredirect 0');
    expect([await page.evaluate(cover), await page.inputValue('textarea'), notesOf('/chart/notes') - before]).toEqual([
      0,
      'Half a note',
      1,
    ]);
    await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('TEXTAREA');
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('whoever does not want to gets the refusal, and a page that nobody touched asks nothing', async () => {
    const { page, context } = await atWork('nurse', '/chart/notes?pid=9');
    await page.evaluate(post);
    await expect.poll(() => page.evaluate('window.told')).toBe('basic 401');
    expect(await page.evaluate(cover)).toBe(0);
    await page.click('textarea');
    await page.evaluate(post);
    await expect.poll(() => page.evaluate(cover)).toBe(1);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.evaluate('window.told')).toBe('basic 401');
    expect(await page.evaluate(cover)).toBe(0);
    await context.close();
  });

  test('where only a passkey does, the sheet asks for one', async () => {
    const { page, context } = await atWork('physician', '/.wardgate/factors');
    await plugIn(page);
    await page.goto(`${demo.origin}/.wardgate/me`);
    await page.goto(`${demo.origin}/chart/notes?pid=9`);
    await page.click('textarea');
    await page.evaluate(ask);
    await expect.poll(() => page.evaluate(cover)).toBe(1);
    await pictures(page, 'confirm-passkey');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.evaluate('window.told')).toBe('basic 401');
    await context.close();
  });
});
