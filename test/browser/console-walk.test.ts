// A walk through every page of the console by the keyboard of a real browser: axe-core finds nothing against WCAG 2.2 A and AA,
// light and dark, at 1280 pixels and at 320, which is the same window at 400 %; Tab goes through all of it and is seen; nothing
// is left on paper that is only there to be pressed; no page breaks its own content security policy or Trusted Types.
// A new page is one more row.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import type { Demo } from '../../src/cli/start-demo.ts';
import { barriersOn } from '../support/accessibility.ts';
import { launch } from '../support/browser.ts';
import { enterAt, tabTo } from '../support/by-keyboard.ts';
import type { Visitor } from '../support/browser.ts';
import { recordsOf } from '../support/clinic-story.ts';
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
  ['what-if-wrong', '/.wardgate/console/what-if?role=nurse&method=GET&path=chart', 'Rules', 'Rules'],
  ['report-wrong', '/.wardgate/console/reports/monthly?month=soon', 'Review of information', 'Reports'],
  ['review-unknown', '/.wardgate/console/review/certified/nothing', 'There is no such review', 'Reviews'],
];

const clock = new ShiftingClock();
let demo: Demo;
let browser: Browser;
let officer: Visitor;
/** Addresses asked for by any page of the officer's. */
const asked: string[] = [];

chromium.describe('the console', () => {
  beforeAll(async () => {
    browser = await launch(chromium.path ?? '');
    // An alert, so that lists of them are looked at with something in them.
    demo = await story({ clock, alerts: 'detectors: { after-hours: off, many-patients: { moreThan: 2 } }\n' });
    const nurse = await enterAt({ browser, demo, clock }, 'nurse', '/main');
    for (const patient of [7, 8, 11]) await nurse.page.goto(`${demo.origin}/chart?pid=${patient}`);
    await nurse.page.goto(`${demo.origin}/billing/claims`);
    officer = await enterAt({ browser, demo, clock }, 'security', '/.wardgate/console/overview');
    officer.context.on('request', (request) => asked.push(new URL(request.url()).origin));
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
    expect(await page.textContent('main > .zone')).toContain('America/Chicago');
    expect(await barriersOn(page, `console-${name}`)).toEqual([]);
    // Left at 320 pixels: rows are cards, and no button of theirs lies beyond the edge.
    expect(
      await page.evaluate(
        `[...document.querySelectorAll('.scroll:has(> .cards)')].filter((one) => one.scrollWidth > one.clientWidth).length`,
      ),
    ).toBe(0);
    expect([...new Set(asked)]).toEqual([demo.origin]);
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

  test('a form that is refused takes the focus to what is wrong, and that leads to its field', async () => {
    const { page, complaints } = officer;
    await page.goto(`${demo.origin}/.wardgate/console/disclosures`);
    await tabTo(page, '#made-on');
    await Promise.all([page.waitForResponse((one) => one.status() === 400), page.keyboard.press('Enter')]);
    await page.getByRole('alert').waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('told');
    expect(await barriersOn(page, 'console-disclosure-refused')).toEqual([]);
    await page.focus('#told');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const field = page.locator('[aria-invalid=true]');
    expect(await field.getAttribute('aria-describedby')).toBe('told');
    expect(await page.evaluate('document.activeElement.id')).toBe(await field.getAttribute('id'));
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
    // What a screen reader would say of it.
    await page.evaluate(`window.heard = []; document.querySelectorAll('[role=status], [role=alert], [aria-live]').forEach((one) =>
      new MutationObserver(() => heard.push(one.textContent)).observe(one, { childList: true, characterData: true, subtree: true }))`);
    const shown = await page.textContent('[data-live-text=at]');
    clock.forward({ minutes: 1 });
    await expect.poll(async () => page.textContent('[data-live-text=at]'), { timeout: 20_000 }).not.toBe(shown);
    await expect.poll(() => replies.length, { timeout: 20_000 }).toBeGreaterThan(2);
    expect([...new Set(replies)]).toEqual([200]);
    expect(await page.evaluate('window.heard')).toEqual([]);
    expect(looks()).toBe(before);
    await page.click('[data-live-pause]');
    expect(await page.textContent('[data-live-state]')).toBe('Stopped.');
    expect(complaints).toEqual([]);
  });
});
