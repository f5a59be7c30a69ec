// What followed alerts, in a real browser: a reviewer ends the sessions of an alert with the keyboard alone, whoever is blocked reads
// whom to ask, and axe-core finds nothing on either page, light and dark, wide and narrow.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import type { Demo } from '../../src/cli/start-demo.ts';
import { barriersOn } from '../support/accessibility.ts';
import { launch } from '../support/browser.ts';
import { enterAt } from '../support/by-keyboard.ts';
import type { Visitor } from '../support/browser.ts';
import { recordsOf } from '../support/clinic-story.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { eventually, story } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const chromium = requirement('chromium');
const where = '/.wardgate/console/review/responses';

const clock = new ShiftingClock();
let demo: Demo;
let browser: Browser;
let officer: Visitor;
let nurse: Visitor;

chromium.describe('what followed alerts', () => {
  beforeAll(async () => {
    browser = await launch(chromium.path ?? '');
    const alerts = 'detectors: { after-hours: off, failed-sign-ins: { attempts: 2, response: block } }\n';
    demo = await story({ clock, alerts });
    nurse = await enterAt({ browser, demo, clock }, 'nurse', '/main');
    const stranger = new CookieClient();
    const challenge = await stranger.page(`${demo.origin}/.wardgate/sign-in?login_hint=nurse&return=/main`);
    for (let tries = 0; tries < 2; tries += 1) await stranger.form(challenge.url, { code: '000000' });
    await eventually(() => recordsOf(demo, 'response').length > 0, 'the block');
    officer = await enterAt({ browser, demo, clock }, 'security', where);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await demo.close();
  });

  test('whoever is blocked reads until when, whom to ask and nothing of the alert', async () => {
    const { page } = nurse;
    const reply = await page.goto(`${demo.origin}/finder`);
    expect([reply?.status(), await page.title()]).toEqual([403, expect.stringContaining('Your access is paused') as string]);
    expect(await page.locator('main').innerText()).toContain('ext. 4357');
    expect(await page.locator('main').innerText()).not.toMatch(/alert|failed-sign-ins/);
    expect(await barriersOn(page, 'restricted')).toEqual([]);
  });

  test('one press of the keyboard ends their sessions', async () => {
    const { page } = officer;
    // The page reads the search index, which is a moment behind the record.
    const button = page.getByRole('button', { name: 'End their sessions now' });
    await expect
      .poll(async () => {
        await page.reload();
        return button.count();
      })
      .toBe(1);
    expect(await page.locator('main').innerText()).toContain('2 attempts to sign in or unlock failed');
    expect(await barriersOn(page, 'alert-responses')).toEqual([]);
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByText('Their sessions have ended').waitFor();
    expect(recordsOf(demo, 'session-ended').at(-1)).toMatchObject({ subject: { name: 'nurse' }, reason: 'revoked' });
  });
});
