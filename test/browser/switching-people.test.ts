// Two people at one browser: the first has half a note when the second comes. The second sees nothing of it, whatever they
// open and however often they go back; the first comes back to the same desk, to their own session and their words.

import { chromium as playwright } from 'playwright-core';
import type { Browser, Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { codeAt, recordsOf } from '../support/clinic-story.ts';
import { visitor } from '../support/browser.ts';
import { story } from '../support/demo-story.ts';
import { faultsOf } from '../support/page-faults.ts';
import { requirement } from '../support/requirements.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const chromium = requirement('chromium');
const words = 'Half a note of the first person';

chromium.describe('one desk, two people', () => {
  let demo: Demo;
  let browser: Browser;
  const clock = new ShiftingClock();

  beforeAll(async () => {
    demo = await story({ clock, idle: '10m', gatewayLines: ['devices: { registeredBy: [it] }'] });
    // As people have it: the driver's own default would keep no page for the Back button.
    const ignoreDefaultArgs = ['--disable-back-forward-cache'];
    browser = await playwright.launch({ executablePath: chromium.path ?? '', args: ['--no-sandbox'], ignoreDefaultArgs });
  });
  afterAll(async () => {
    await browser.close();
    await demo.close();
  });

  async function typeCode(page: Page, name: string): Promise<void> {
    await page.waitForSelector('input[name=code]');
    clock.forward({ seconds: 31 });
    await page.fill('input[name=code]', codeAt(demo, name, clock));
    await Promise.all([page.waitForURL((url) => !url.pathname.endsWith('/second-factor')), page.click('button[type=submit]')]);
  }

  async function signIn(page: Page, name: string, path: string): Promise<void> {
    await page.goto(`${demo.origin}/.wardgate/sign-in?login_hint=${name}&return=${encodeURIComponent(path)}`);
    await typeCode(page, name);
  }

  /** A browser that IT has made a shared desk. */
  async function desk(name: string) {
    const person = await visitor(browser);
    person.page.setDefaultTimeout(20_000);
    await signIn(person.page, 'it', '/.wardgate/device');
    await person.page.fill('#name-shared', name);
    await person.page.click('form:has(#name-shared) button');
    await person.page.getByText(`shared device ${name}`).waitFor();
    await person.page.goto(`${demo.origin}/.wardgate/sign-out`);
    await person.page.click('button[type=submit]');
    await person.page.waitForURL('**/.wardgate/signed-out');
    return person;
  }

  /** At the notes of a patient, with half a note. */
  async function halfANote(page: Page): Promise<Frame> {
    const work = page.frame({ name: 'work' }) as Frame;
    await work.goto(`${demo.origin}/chart?set_pid=7`);
    await work.locator('.patient b').waitFor();
    const notes = work.childFrames()[0] as Frame;
    await notes.locator('textarea').click();
    await page.keyboard.type(words);
    return notes;
  }

  async function picture(page: Page, name: string): Promise<void> {
    const pictures = process.env['WARDGATE_PICTURES'];
    if (pictures === undefined) return;
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [320, 1200]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 800 });
        await page.screenshot({ path: `${pictures}/${name}-${colorScheme}-${width}.png`, fullPage: true });
      }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1280, height: 800 });
  }

  const seen = async (page: Page): Promise<string> => {
    const all = await Promise.all(page.frames().map(async (frame) => frame.content().catch(() => '')));
    return all.join('\n');
  };

  test('the second sees nothing of the first, and the first comes back to what was typed', { timeout: 240_000 }, async () => {
    const { page, context, complaints } = await desk('WS-OR2');
    await signIn(page, 'nurse', '/main');
    const other = await context.newPage();
    await other.goto(`${demo.origin}/welcome`);
    await page.bringToFront();
    const first = (await demo.gateway.composed.state.sessions.ofSubject(demo.provider.issuer, 'nurse'))[0]?.reference;
    await halfANote(page);
    const person = await page.frame({ name: 'work' })?.locator('.patient b').textContent();
    expect(person).toBeTruthy();
    await page.evaluate("localStorage.setItem('left', 'by the first'); 0");

    // The keys ask first, because something is typed; the first answer keeps it.
    await page.keyboard.press('Control+Alt+l');
    await expect.poll(() => page.evaluate('document.querySelectorAll("wardgate-leave").length')).toBe(1);
    await picture(page, 'leave');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${demo.origin}/.wardgate/switch`);
    expect(recordsOf(demo, 'draft-held').at(-1)).toMatchObject({ subject: { sub: 'nurse' }, device: 'WS-OR2' });
    expect(await faultsOf(page)).toEqual({});
    await picture(page, 'switch');

    await page.getByRole('button', { name: 'Somebody else' }).click();
    await page.getByRole('button', { name: /front-desk/ }).click();
    await typeCode(page, 'front-desk');
    expect(recordsOf(demo, 'switched-to').at(-1)).toMatchObject({ subject: { sub: 'front-desk' }, device: 'WS-OR2' });
    expect(await page.evaluate("localStorage.getItem('left')")).toBeNull();
    await expect.poll(() => other.evaluate('document.querySelectorAll("wardgate-cover").length')).toBe(0);
    expect(await other.evaluate('fetch("/.wardgate/me", { headers: { accept: "application/json" } }).then((r) => r.json()).then((me) => me.name)')).toBe('front-desk'); // prettier-ignore

    for (const path of [
      '/main',
      '/chart?set_pid=7',
      '/chart',
      '/chart/notes?pid=7',
      '/.wardgate/held',
      '/.wardgate/me',
      '/.wardgate/switch',
    ]) {
      await page.goto(demo.origin + path);
      await page.waitForLoadState();
      const text = await seen(page);
      expect([path, text.includes(words), text.includes(String(person)), text.includes(String(first))]).toEqual([path, false, false, false]); // prettier-ignore
    }
    for (let back = 0; back < 15; back += 1) {
      const went = await page.goBack({ waitUntil: 'load', timeout: 10_000 }).catch(() => undefined);
      const text = await seen(page);
      expect([back, page.url(), text.includes(words), text.includes(String(person))]).toEqual([back, page.url(), false, false]);
      if (went === null) break;
    }

    await page.goto(`${demo.origin}/.wardgate/switch`);
    await picture(page, 'switch-next');
    const nurse = demo.personas.find(({ name }) => name === 'nurse')?.displayName ?? '';
    await page.getByRole('button', { name: nurse }).click();
    await typeCode(page, 'nurse');
    expect(page.url()).toBe(`${demo.origin}/.wardgate/held`);
    expect(await page.inputValue('textarea')).toBe(words);
    await picture(page, 'draft');
    expect(await faultsOf(page)).toEqual({});
    expect((await demo.gateway.composed.state.sessions.ofSubject(demo.provider.issuer, 'nurse'))[0]?.reference).toBe(first);
    expect(complaints.filter((one) => !one.includes('Clear-Site-Data'))).toEqual([]);
    await context.close();
  });

  test('from a locked page what was typed is kept without asking whoever stands there', async () => {
    const { page, context } = await desk('WS-OR3');
    await signIn(page, 'nurse', '/main');
    await halfANote(page);
    clock.forward({ minutes: 11 });
    await page.evaluate('document.dispatchEvent(new Event("visibilitychange")); 0');
    await expect.poll(() => page.title()).toBe('Locked');
    const kept = recordsOf(demo, 'draft-held').length;
    await page.keyboard.press('Control+Alt+l');
    await page.waitForURL(`${demo.origin}/.wardgate/switch`);
    expect(recordsOf(demo, 'draft-held').length).toBe(kept + 1);
    expect(await page.textContent('main')).toContain('is locked');
    await page.getByRole('link', { name: /^Unlock as/ }).click();
    await page.waitForURL('**/.wardgate/unlock');
    await context.close();
  });

  test('with nothing typed nobody is asked, and other keys call nothing', async () => {
    const { page, context } = await desk('WS-OR4');
    await signIn(page, 'nurse', '/main');
    const work = page.frame({ name: 'work' }) as Frame;
    await work.goto(`${demo.origin}/chart?set_pid=7`);
    await work.locator('.patient b').waitFor();
    await work.locator('.patient b').click();
    await page.keyboard.press('Control+l');
    await page.keyboard.press('Alt+l');
    expect(page.url()).toBe(`${demo.origin}/main`);
    await page.keyboard.press('Control+Alt+l');
    await page.waitForURL(`${demo.origin}/.wardgate/switch`);
    await page.getByRole('link', { name: /^Go on as/ }).click();
    await page.waitForURL((url) => url.pathname !== '/.wardgate/switch');
    await context.close();
  });
});
