// A walk through every page of the console by the keyboard of a real browser: axe-core finds nothing against WCAG 2.2 A and AA,
// light and dark, at 1280 pixels and at 320, which is the same window at 400 %; Tab goes through all of it and is seen; nothing
// is left on paper that is only there to be pressed; no page breaks its own content security policy or Trusted Types.
// A new page is one more row.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { Demo } from '../../src/cli/start-demo.ts';
import { barriersOn } from '../support/accessibility.ts';
import { launch, visitor } from '../support/browser.ts';
import type { Visitor } from '../support/browser.ts';
import { codeAt, recordsOf } from '../support/clinic-story.ts';
import { eventually, story } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const chromium = requirement('chromium');

/** `current` is the way that is marked. */
const pages: readonly (readonly [name: string, path: string, heading: string, current: string])[] = [
  ['overview', '/.wardgate/console/overview', 'Overview', 'Overview'],
  ['records', '/.wardgate/console?patient=11&days=7', 'Who opened what', 'Who opened what'],
  ['sessions', '/.wardgate/console/sessions', 'Who is signed in', 'Sessions'],
  ['disclosures', '/.wardgate/console/disclosures', 'Disclosures', 'Disclosures'],
  ['responses', '/.wardgate/console/review/responses', 'Alerts and what followed', 'What followed'],
  ['end-person', '/.wardgate/console/people/end', 'End somebody’s access', 'People'],
  ['people', '/.wardgate/console/people?search=n', 'People', 'People'],
  ['person', '/.wardgate/console/people/person?name=nurse', 'The week of nurse', 'People'],
  ['rules', '/.wardgate/console/what-if', 'Rules', 'Rules'],
  ['what-if', '/.wardgate/console/what-if?role=nurse&method=GET&path=%2Fbilling%2Fclaims', 'Rules', 'Rules'],
  ['health', '/.wardgate/console/health', 'Health', 'Health'],
  ['changes', '/.wardgate/console/rules', 'Changes of the rules', 'Rules'],
  ['recertification', '/.wardgate/console/recertification', 'Who has which role', 'Roles'],
  ['reports', '/.wardgate/console/reports', 'Reports', 'Reports'],
  ['alerts', '/.wardgate/console/review', 'Alerts and cases', 'Alerts and cases'],
  ['alerts-closed', '/.wardgate/console/review?cases=closed&days=30', 'Alerts and cases', 'Alerts and cases'],
  ['precision', '/.wardgate/console/review/precision', 'How often detectors are right', 'Alerts and cases'],
  ['reviews', '/.wardgate/console/review/certified', 'Reviews', 'Reviews'],
];

const clock = new ShiftingClock();
let demo: Demo;
let browser: Browser;
let officer: Visitor;

async function enter(name: string, path: string): Promise<Visitor> {
  clock.forward({ minutes: 1 });
  const one = await visitor(browser);
  await one.page.goto(`${demo.origin}/.wardgate/sign-in?login_hint=${name}&return=${encodeURIComponent(path)}`);
  await one.page.fill('input[name=code]', codeAt(demo, name, clock));
  await Promise.all([one.page.waitForURL(demo.origin + path), one.page.click('button[type=submit]')]);
  return one;
}

/** Presses Tab until what the selector names has the focus. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate<boolean>(`document.activeElement?.matches(${JSON.stringify(selector)}) ?? false`)) return;
  }
  throw new Error(`Tab never came to ${selector}`);
}

chromium.describe('the console', () => {
  beforeAll(async () => {
    browser = await launch(chromium.path ?? '');
    // An alert, so that lists of them are looked at with something in them.
    demo = await story({ clock, alerts: 'detectors: { after-hours: off, many-patients: { moreThan: 2 } }\n' });
    const nurse = await enter('nurse', '/main');
    for (const patient of [7, 8, 11]) await nurse.page.goto(`${demo.origin}/chart?pid=${patient}`);
    await nurse.page.goto(`${demo.origin}/billing/claims`);
    officer = await enter('security', '/.wardgate/console/overview');
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await demo.close();
  });

  test.each(pages)('%s', { timeout: 120_000 }, async (name, path, heading, current) => {
    const { page, complaints } = officer;
    await page.goto(demo.origin + path);
    expect(await page.textContent('h1')).toContain(heading);
    expect(await page.textContent('nav.console [aria-current]')).toContain(current);
    expect(await barriersOn(page, `console-${name}`)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('the first Tab skips the ways, and a way is opened by Enter', async () => {
    const { page } = officer;
    await page.goto(`${demo.origin}/.wardgate/console/overview`);
    await tabTo(page, 'a.skip');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    await page.goto(`${demo.origin}/.wardgate/console/overview`);
    await tabTo(page, 'nav.console a[href$="/sessions"]');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${demo.origin}/.wardgate/console/sessions`);
  });

  test.each([
    ['', '#person', 'nurse', 'person=nurse'],
    ['/people', '#search', 'nur', 'search=nur'],
    ['/people/end', '#person', 'nurse', 'person=nurse'],
    ['/what-if', '#path', '/chart?pid=7', 'path=%2Fchart%3Fpid%3D7'],
  ])('the form of console%s is filled in and sent by Enter', async (path, field, text, sent) => {
    const { page, complaints } = officer;
    await page.goto(`${demo.origin}/.wardgate/console${path}`);
    await tabTo(page, field);
    await page.keyboard.type(text);
    await Promise.all([page.waitForURL((url) => url.search.includes(sent)), page.keyboard.press('Enter')]);
    expect(await page.inputValue(field)).toBe(text);
    expect(complaints).toEqual([]);
  });

  test('the overview goes on by itself, and watching it is one look on record', { timeout: 60_000 }, async () => {
    const { page, complaints } = officer;
    const looks = () => recordsOf(demo, 'attempt').filter(({ target }) => String(target).includes('/console/overview')).length;
    await page.goto(`${demo.origin}/.wardgate/console/overview`);
    const before = await eventually(() => looks(), 'the look');
    const replies: number[] = [];
    page.on('response', (reply) => {
      if (reply.url().includes('/overview/live')) replies.push(reply.status());
    });
    const shown = await page.textContent('[data-live-text=at]');
    clock.forward({ minutes: 1 });
    await expect.poll(async () => page.textContent('[data-live-text=at]'), { timeout: 20_000 }).not.toBe(shown);
    await expect.poll(() => replies.length, { timeout: 20_000 }).toBeGreaterThan(2);
    expect([...new Set(replies)]).toEqual([200]);
    expect(looks()).toBe(before);
    await page.click('[data-live-pause]');
    expect(await page.textContent('[data-live-state]')).toBe('Stopped.');
    expect(complaints).toEqual([]);
  });
});
