// The cover over pages that are hard on it: strict policies, Trusted Types, hostile styles, an editor in a frame of its own;
// and what becomes of the requests of their scripts.

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { codeAt, recordsOf } from '../support/clinic-story.ts';
import { launch, visitor } from '../support/browser.ts';
import { pageEhr, strictPolicy } from '../support/page-ehr.ts';
import type { PageEhr } from '../support/page-ehr.ts';
import { requirement } from '../support/requirements.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const chromium = requirement('chromium');
const cover = 'document.querySelectorAll("wardgate-cover").length';

chromium.describe('a lock over pages of every kind', () => {
  let ehr: PageEhr;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let complaints: string[];
  const clock = new ShiftingClock();

  beforeAll(async () => {
    ehr = await pageEhr({ clock });
    browser = await launch(chromium.path ?? '');
    ehr.pages.set('/start', { body: '<!doctype html><title>Start</title><p>Start' });
  });
  beforeEach(async () => {
    clock.forward({ minutes: 2 });
    ({ context, page, complaints } = await visitor(browser));
    await signIn(page, 'nurse', '/start');
  });
  afterEach(async () => context.close());
  afterAll(async () => {
    await browser.close();
    await ehr.close();
  });

  async function signIn(at: Page, name: string, path: string): Promise<void> {
    await at.goto(`${ehr.demo.origin}/.wardgate/sign-in?login_hint=${name}&return=${encodeURIComponent(path)}`);
    await at.fill('input[name=code]', codeAt(ehr.demo, name, clock));
    await Promise.all([at.waitForURL(ehr.demo.origin + path), at.click('button[type=submit]')]);
  }

  async function open(path: string, body: string, headers: Record<string, string> = {}): Promise<void> {
    ehr.pages.set(path, { body, headers });
    await page.goto(ehr.demo.origin + path);
    await expect.poll(() => page.evaluate('Boolean(window[Symbol.for("wardgate")])')).toBe(true);
  }

  /** Time passes, and the page hears of the lock by a request of its own. */
  async function lock(): Promise<void> {
    clock.forward({ minutes: 16 });
    await page.evaluate('void fetch("/beat")');
    await expect.poll(() => page.evaluate(cover)).toBe(1);
  }

  async function unlock(name = 'nurse'): Promise<void> {
    await page.keyboard.type(codeAt(ehr.demo, name, clock));
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(cover)).toBe(0);
  }

  test('a strict policy with a nonce and Trusted Types', async () => {
    await open('/strict', '<!doctype html><title>Strict</title><p>Chart', { 'content-security-policy': strictPolicy });
    await lock();
    expect(await page.title()).toBe('Locked');
    await unlock();
    expect([await page.title(), complaints]).toEqual(['Strict', []]);
  });

  test('a policy that lets no script of ours run leaves the page as it is', async () => {
    ehr.pages.set('/shut', {
      body: '<!doctype html><title>Shut</title>',
      headers: { 'content-security-policy': "script-src 'none'" },
    });
    await page.goto(`${ehr.demo.origin}/shut`);
    expect(await page.content()).not.toContain('/.wardgate/assets/page-');
  });

  test('styles that hide and move everything do not reach the cover', async () => {
    const hostile = `<style>body, body *, html > * { display: none !important; opacity: 0 !important; transform: scale(0) !important }
      wardgate-cover { all: unset !important; display: none !important; left: -9999px !important } dialog { display: none !important }</style>`;
    await open('/hostile', `<!doctype html><title>Hostile</title>${hostile}<p id="chart">Chart`);
    await lock();
    const box = await page.evaluate(`(() => { const at = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
      return [at.tagName, getComputedStyle(document.body).opacity]; })()`);
    expect(box).toEqual(['WARDGATE-COVER', '0']);
    await unlock();
  });

  test('a dialog that the page opens meanwhile is put behind it, and what it removes comes back', async () => {
    await open('/dialogs', '<!doctype html><title>Dialogs</title><body><dialog id="d">Results of Bea</dialog>');
    await lock();
    await page.evaluate('document.getElementById("d").showModal(); document.querySelector("wardgate-cover").remove()');
    await expect
      .poll(() => page.evaluate('document.elementFromPoint(innerWidth / 2, innerHeight / 2).tagName'), { timeout: 5000 })
      .toBe('WARDGATE-COVER');
    await page.evaluate('document.getElementById("d").close()');
    await page.waitForTimeout(0);
    await expect.poll(() => page.evaluate('document.activeElement.tagName'), { timeout: 5000 }).toBe('WARDGATE-COVER');
    await unlock();
  });

  test('keys of a page do not hear what is typed into the cover', async () => {
    const ears = `<script>window.heard = []; for (const kind of ['keydown', 'keypress', 'input', 'click'])
      window.addEventListener(kind, (event) => heard.push(kind), true)</script>`;
    await open('/ears', `<!doctype html><title>Ears</title>${ears}<p>Chart`);
    await lock();
    await page.evaluate('heard.length = 0');
    await page.keyboard.type('123');
    await page.mouse.click(10, 10);
    expect(await page.evaluate('heard')).toEqual([]);
    await page.keyboard.press('Control+A');
    await unlock();
  });

  test('typing in an editor without a document of the server keeps the session open', async () => {
    await open(
      '/editor',
      '<!doctype html><title>Editor</title><iframe id="e"></iframe><script>e.contentDocument.designMode = "on"</script>',
    );
    await page.waitForTimeout(0);
    clock.forward({ minutes: 14 });
    const asked = page.waitForResponse((one) => one.request().method() === 'POST' && one.url().endsWith('/activity'), {
      timeout: 20_000,
    });
    await page.frameLocator('#e').locator('body').click();
    await expect
      .poll(
        async () => {
          await page.keyboard.type('a');
          return Promise.race([asked.then((one) => one.status()), new Promise((resolve) => setTimeout(resolve, 200, 0))]);
        },
        { timeout: 20_000 },
      )
      .toBe(200);
    clock.forward({ minutes: 10 });
    expect(await page.evaluate('fetch("/beat").then((one) => one.status)')).toBe(200);
  });

  test.each([
    ['fetch', `fetch('/save', { method: 'POST', body: 'note=1' }).then((one) => one.text())`],
    ['a Request', `fetch(new Request('/save', { method: 'POST', body: 'note=1' })).then((one) => one.text())`],
    [
      'XMLHttpRequest',
      `new Promise((done) => { const ask = new XMLHttpRequest(); ask.open('POST', '/save'); ask.onload = () => done(ask.responseText); ask.send('note=1') })`,
    ],
  ])('what %s could not save is saved once the person is back, once', async (_how, send) => {
    await open('/work', '<!doctype html><title>Work</title><p>Chart');
    const before = ehr.seen.filter((one) => one.startsWith('POST /save')).length;
    clock.forward({ minutes: 16 });
    await page.evaluate(`window.saved = null; void ${send}.then((text) => { window.saved = text })`);
    await expect.poll(() => page.evaluate(cover)).toBe(1);
    expect(ehr.seen.filter((one) => one.startsWith('POST /save'))).toHaveLength(before);
    expect(await page.evaluate('window.saved')).toBe(null);
    await unlock();
    await expect.poll(() => page.evaluate('window.saved')).toBe('ok');
    expect(ehr.seen.filter((one) => one === 'POST /save note=1')).toHaveLength(before + 1);
  });

  test('unlocking at the sign-in service in a window of its own', async () => {
    await open('/work', '<!doctype html><title>Work</title><p>Chart');
    await lock();
    const opened = context.waitForEvent('page');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const service = await opened;
    await expect.poll(() => page.evaluate(cover), { timeout: 10_000 }).toBe(0);
    expect([service.isClosed() || service.url().endsWith('/.wardgate/unlocked'), await page.title()]).toEqual([true, 'Work']);
    expect(String(recordsOf(ehr.demo, 'unlocked').at(-1)?.['detail'])).toMatch(/^by provider/);
  });

  test('a session that has ended keeps the page, and its person goes on after signing in beside it', async () => {
    await open('/work', '<!doctype html><title>Work</title><textarea>Half a note</textarea>');
    clock.forward({ minutes: 50 });
    await page.evaluate('void fetch("/beat")');
    await expect.poll(() => page.evaluate(cover)).toBe(1);
    const opened = context.waitForEvent('page');
    await page.keyboard.press('Enter');
    const beside = await opened;
    await beside.fill('input[name=code]', codeAt(ehr.demo, 'nurse', clock));
    await beside.click('button[type=submit]').catch(() => undefined);
    await expect.poll(() => page.evaluate(cover), { timeout: 10_000 }).toBe(0);
    expect(await page.locator('textarea').inputValue()).toBe('Half a note');
  });

  test('whoever else signs in there finds nothing of that page', async () => {
    await open('/work', '<!doctype html><title>Work</title><textarea></textarea>');
    await page.fill('textarea', 'Of the nurse');
    clock.forward({ minutes: 50 });
    await page.evaluate('void fetch("/beat")');
    await expect.poll(() => page.evaluate(cover)).toBe(1);
    const other = await context.newPage();
    await signIn(other, 'physician', '/start');
    await page.bringToFront();
    await expect.poll(() => page.evaluate(cover), { timeout: 20_000 }).toBe(0);
    expect(await page.locator('textarea').inputValue()).toBe('');
  });
});
