// What the counter of lost work takes for granted of browsers, in Chromium: a form that is answered with a page of ours is one
// Back away, a form that meets the end of the EHR's session is sent once more by itself, and one that is loaded again after
// the network broke is kept. And a note in OpenEMR's frames lives through a lock.

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launch, visitor } from '../support/browser.ts';
import { demoHouse, openEmrHouse } from '../support/lost-work/house.ts';
import type { House } from '../support/lost-work/house.ts';
import { requirement } from '../support/requirements.ts';

const chromium = requirement('chromium');
const pid = 9;
const words = 'Wound dry and clean\nsecond line';

chromium.describe('a note in a page without our script', () => {
  let house: House;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    house = await demoHouse(['pageScript: off']);
    browser = await launch(chromium.path ?? '');
  });
  beforeEach(async () => {
    house.clock.forward({ minutes: 31 });
    ({ context, page } = await visitor(browser));
    await signIn(page, '/main');
    await page.goto(house.origin + house.notePath(pid));
  });
  afterEach(async () => context.close());
  afterAll(async () => {
    await browser.close();
    await house.close();
  });

  async function signIn(at: Page, path: string): Promise<void> {
    house.clock.forward({ seconds: 31 });
    await at.goto(`${house.origin}/.wardgate/sign-in?login_hint=nurse&return=${encodeURIComponent(path)}`);
    await at.fill('input[name=code]', house.code('nurse'));
    await Promise.all([at.waitForURL(house.origin + path), at.click('button[type=submit]')]);
  }

  /** Writes it, by a form with a file where a boundary is wanted. */
  async function write(text: string, isMultipart = false): Promise<void> {
    await page.fill('textarea', text);
    if (isMultipart) await page.evaluate('document.forms[0].enctype = "multipart/form-data"');
  }

  const send = (): Promise<void> => page.click('form:has(textarea) button');
  const saved = (text: string): number => house.notes(pid).filter((one) => one.text.replaceAll('\r\n', '\n') === text).length;

  test('that could not be kept is one Back away, and is sent after signing in beside it', async () => {
    await write(words);
    await page.request.post(`${house.origin}/.wardgate/sign-out`, { headers: { origin: house.origin }, maxRedirects: 0 });
    await send();
    await page.getByText('press Back').waitFor();
    await signIn(await context.newPage(), '/main');
    await page.goBack();
    expect(await page.inputValue('textarea')).toBe(words);
    await send();
    await page.getByText('second line').waitFor();
    expect(saved(words)).toBe(1);
  });

  test.each([false, true])('that the EHR did not take any more is kept, and sent once (as parts: %s)', async (isMultipart) => {
    const text = `${words}, as parts: ${isMultipart}`;
    await write(text, isMultipart);
    house.forgetEhrSessions();
    await send();
    await page.getByRole('heading', { name: 'what you sent is kept for you' }).waitFor();
    await (await context.newPage()).goto(`${house.origin}/main`);
    await page.getByRole('link', { name: 'What is kept for you' }).click();
    expect(await page.inputValue('textarea')).toBe(text);
    await page.getByRole('button', { name: 'Send it now' }).click();
    await page.waitForURL(house.origin + house.notePath(pid));
    expect(saved(text)).toBe(1);
  });

  test('that is loaded again after the network broke is kept', async () => {
    await write('After the network broke');
    house.clock.forward({ minutes: 46 });
    await context.setOffline(true);
    await send();
    await page.waitForURL('chrome-error://**');
    await context.setOffline(false);
    await page.reload().catch(() => undefined);
    await signIn(page, '/.wardgate/held');
    expect(await page.inputValue('textarea')).toBe('After the network broke');
  });
});

chromium.describe('a note in the frames of OpenEMR', () => {
  test('half typed lives through twelve idle minutes with its timers, and is saved', async () => {
    const house = await openEmrHouse({ idle: '10m', openEmr: { pollSeconds: 0.3 } });
    const browser = await launch(chromium.path ?? '');
    const { page, context, complaints } = await visitor(browser);
    house.clock.forward({ seconds: 31 });
    await page.goto(`${house.origin}/.wardgate/sign-in?login_hint=nurse&return=%2F`);
    await page.fill('input[name=code]', house.code('nurse'));
    await page.click('button[type=submit]');
    await page.frameLocator('#cal').locator('h1', { hasText: 'Calendar' }).waitFor();
    const address = page.url();
    await page.evaluate(`navigateTab(${JSON.stringify(house.formPath(5))}, 'pat')`);
    const note = page.frameLocator('#pat').locator('textarea');
    await note.click();
    await page.keyboard.type('Half a note');
    house.clock.forward({ minutes: 12 });
    await expect.poll(() => page.title(), { timeout: 10_000 }).toBe('Locked');
    // The timers go on asking, and hear nothing that moves the page or puts a box over it.
    const asked = page.waitForResponse((one) => one.url().includes('dated_reminders_counter.php') && one.status() === 200);
    await asked;
    house.clock.forward({ seconds: 31 });
    await page.keyboard.type(house.code('nurse'));
    await page.keyboard.press('Enter');
    await expect.poll(() => page.title(), { timeout: 10_000 }).not.toBe('Locked');
    expect(page.url()).toBe(address);
    expect(await note.inputValue()).toBe('Half a note');
    const goesOn = page.waitForResponse((one) => one.url().includes('execute_background_services.php') && one.status() === 200);
    await goesOn;
    await page.frameLocator('#pat').locator('button').click();
    await page.frameLocator('#pat').locator('p', { hasText: 'Half a note' }).waitFor();
    expect(house.notes(5).map(({ text }) => text)).toEqual(['Half a note']);
    expect(complaints).toEqual([]);
    await context.close();
    await browser.close();
    await house.close();
  });
});
