// A lock in front of people, in the demo's frames: a note half typed lives through twelve idle minutes and the lock, tabs and
// windows lock and unlock together, and neither keys nor paper nor the tab's name give away what is beneath.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import type { Demo } from '../../src/cli/start-demo.ts';
import { codeAt, recordsOf } from '../support/clinic-story.ts';
import { launch, visitor } from '../support/browser.ts';
import { eventually, seenByEhr, story } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const chromium = requirement('chromium');
const cover = 'document.querySelectorAll("wardgate-cover").length';

chromium.describe('a session that locks', () => {
  let demo: Demo;
  let browser: Browser;
  const clock = new ShiftingClock();

  beforeAll(async () => {
    demo = await story({ idle: '10m', clock });
    browser = await launch(chromium.path ?? '');
  });
  afterAll(async () => {
    await browser.close();
    await demo.close();
  });

  /** A person at the EHR's frames, whose browser's time is the story's as well. */
  async function atWork(name: string): Promise<{ page: Page; work: Frame; context: BrowserContext; complaints: string[] }> {
    clock.forward({ minutes: 2 });
    const { context, page, complaints } = await visitor(browser);
    await page.clock.install();
    await page.goto(`${demo.origin}/.wardgate/sign-in?login_hint=${name}&return=%2Fmain`);
    await page.fill('input[name=code]', codeAt(demo, name, clock));
    await Promise.all([page.waitForURL(`${demo.origin}/main`), page.click('button[type=submit]')]);
    return { page, work: page.frame({ name: 'work' }) as Frame, context, complaints };
  }

  /** The notes of a patient, with the cursor in the new one. */
  async function noteOf(work: Frame): Promise<Frame> {
    await work.goto(`${demo.origin}/chart?set_pid=7`);
    await work.locator('.patient b').waitFor();
    const notes = work.childFrames()[0] as Frame;
    await notes.locator('textarea').click();
    return notes;
  }

  async function pass(page: Page, minutes: number): Promise<void> {
    for (let minute = 0; minute < minutes; minute += 1) {
      clock.forward({ minutes: 1 });
      await page.clock.runFor(60_000);
      // The clock of the browser stands still within frames.
      await page.frame({ name: 'top' })?.evaluate('askForReminders()');
    }
  }

  /** The last ping may have come up to a minute apart from the story's clock, so the countdown is waited for in steps. */
  async function untilWarned(page: Page): Promise<boolean> {
    for (let steps = 0; steps < 12; steps += 1) {
      if ((await page.evaluate(cover)) === 1) return true;
      clock.forward({ seconds: 10 });
      await page.clock.runFor(10_000);
    }
    return false;
  }

  async function typeCode(page: Page, name: string): Promise<void> {
    await page.keyboard.type(codeAt(demo, name, clock));
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(cover)).toBe(0);
  }

  test('a note half typed lives through twelve idle minutes with the pollers running, and is saved', async () => {
    const { page, work, context, complaints } = await atWork('nurse');
    const notes = await noteOf(work);
    await page.keyboard.type('Half a note');
    const polls = seenByEhr(demo, '/poll/reminders');
    await pass(page, 9);
    expect(await untilWarned(page)).toBe(true);
    expect(seenByEhr(demo, '/poll/reminders')).toBeGreaterThan(polls + 7);
    expect(await page.title()).toBe('Meadowbrook EHR 4.2');

    await pass(page, 3);
    await expect.poll(() => page.title()).toBe('Locked');
    const seen = demo.ehr.requests().length;
    const poll = `new Promise((done) => { const ask = new XMLHttpRequest(); ask.open('GET', '/poll/reminders');
      ask.onload = () => done(ask.status); ask.send(); })`;
    expect(await page.frame({ name: 'top' })?.evaluate(poll)).toBe(204);
    expect(demo.ehr.requests()).toHaveLength(seen);
    expect(page.url()).toBe(`${demo.origin}/main`);

    // The keys of whoever sits down now go to the cover, and Escape does not lift it.
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.keyboard.type('000000');
    await page.keyboard.press('Enter');
    await eventually(() => recordsOf(demo, 'unlock-failed').length > 0, 'the wrong code');
    expect([await page.evaluate(cover), await notes.locator('textarea').inputValue()]).toEqual([1, 'Half a note']);
    await page.emulateMedia({ media: 'print' });
    for (const one of [work, notes]) expect(await one.evaluate('getComputedStyle(document.body).display')).toBe('none');
    await page.emulateMedia({ media: 'screen' });

    await typeCode(page, 'nurse');
    expect(await page.title()).toBe('Meadowbrook EHR 4.2');
    await expect.poll(() => notes.evaluate('document.activeElement.tagName')).toBe('TEXTAREA');
    await page.keyboard.type(', and the rest');
    expect(await notes.locator('textarea').inputValue()).toBe('Half a note, and the rest');
    await notes.getByText('Add note').click();
    await notes.getByText('Half a note, and the rest').waitFor();
    expect(recordsOf(demo, 'unlocked').at(-1)).toMatchObject({ subject: { sub: 'nurse' }, factor: 'totp' });
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('whoever scrolls, moves the mouse or types is never locked, and the record says why', async () => {
    const { page, work, context } = await atWork('physician');
    await noteOf(work);
    for (let minutes = 0; minutes < 24; minutes += 4) {
      await pass(page, 4);
      if (minutes % 12 === 0) await page.keyboard.type('a');
      else if (minutes % 12 === 4) await page.mouse.wheel(0, 10);
      else await page.mouse.move(200 + minutes, 300);
      await page.clock.runFor(31_000);
    }
    await expect.poll(() => page.evaluate(cover)).toBe(0);
    expect(await page.title()).toBe('Meadowbrook EHR 4.2');
    await pass(page, 11);
    await expect.poll(() => page.title()).toBe('Locked');
    const detail = String(recordsOf(demo, 'locked').at(-1)?.['detail']);
    expect(Number(/; (\d+) by script/.exec(detail)?.[1]), detail).toBeGreaterThan(5);
    await context.close();
  });

  test('the countdown stands in nobody’s way, and a key ends it', async () => {
    const { page, work, context } = await atWork('billing');
    await work.locator('input[name=q]').click();
    await pass(page, 9);
    expect(await untilWarned(page)).toBe(true);
    await page.keyboard.type('ex');
    expect(await work.locator('input[name=q]').inputValue()).toBe('ex');
    await expect.poll(() => page.evaluate(cover)).toBe(0);
    clock.forward({ seconds: 20 });
    await pass(page, 1);
    await expect.poll(() => page.title()).toBe('Meadowbrook EHR 4.2');
    await context.close();
  });

  test('tabs and windows of one person lock and unlock together', async () => {
    const { page, work, context } = await atWork('records');
    const tab = await context.newPage();
    await tab.goto(`${demo.origin}/welcome`);
    const opened = context.waitForEvent('page');
    await work.evaluate('window.open("/finder", "finder", "popup,width=500,height=400")');
    const popup = await opened;
    await popup.waitForLoadState();
    await pass(page, 11);
    for (const one of [page, tab, popup]) await expect.poll(() => one.title(), { timeout: 10_000 }).toBe('Locked');
    await page.bringToFront();
    await page.clock.runFor(1000);
    await typeCode(page, 'records');
    for (const one of [tab, popup]) await expect.poll(() => one.evaluate(cover), { timeout: 10_000 }).toBe(0);
    await context.close();
  });
});
