// The overview goes on by itself and is no sign of its person: its ticks never move the idle clock, and it stops where the session
// is locked, has ended, or may not open it any more; then it says so and asks for nothing further.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import type { Demo } from '../../src/cli/start-demo.ts';
import type { Session } from '../../src/core/session/session.ts';
import { launch, visitor } from '../support/browser.ts';
import type { Visitor } from '../support/browser.ts';
import { codeAt, recordsOf } from '../support/clinic-story.ts';
import { eventually, story } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const chromium = requirement('chromium');
const path = '/.wardgate/console/overview';
const clock = new ShiftingClock();
let demo: Demo;
let browser: Browser;
let officer: Visitor;
/** Statuses of the ticks, in order. */
let ticks: number[] = [];
let asked = 0;

chromium.describe('the overview', () => {
  beforeAll(async () => {
    browser = await launch(chromium.path ?? '');
    demo = await story({ clock });
  }, 120_000);
  afterEach(async () => officer.context.close());
  afterAll(async () => {
    await browser.close();
    await demo.close();
  });

  async function watch(): Promise<Session> {
    clock.forward({ minutes: 1 });
    officer = await visitor(browser);
    const { page } = officer;
    await page.clock.install();
    await page.goto(`${demo.origin}/.wardgate/sign-in?login_hint=security&return=${encodeURIComponent(path)}`);
    await page.fill('input[name=code]', codeAt(demo, 'security', clock));
    await Promise.all([page.waitForURL(demo.origin + path), page.click('button[type=submit]')]);
    ticks = [];
    asked = 0;
    page.on('request', (one) => {
      if (one.url().includes('/overview/live')) asked += 1;
    });
    page.on('response', (reply) => {
      if (reply.url().includes('/overview/live')) ticks.push(reply.status());
    });
    return session();
  }

  async function session(): Promise<Session> {
    const { sessions } = demo.gateway.composed.state;
    const [one] = (await sessions.ofSubject(demo.provider.issuer, 'security')).slice(-1);
    if (one === undefined) throw new Error('security is not signed in');
    return one;
  }

  /** One more no after the figures, the words on the page, and silence from then on. */
  async function stops(status: number): Promise<void> {
    const { page } = officer;
    await page.getByText('This page does not update any more. Reload it.').waitFor({ timeout: 20_000 });
    const shown = await page.textContent('[data-live-text=at]');
    const heard = [...ticks];
    expect(heard.at(-1)).toBe(status);
    expect(heard.filter((one) => one !== 200)).toHaveLength(1);
    expect(await page.isVisible('[data-live-pause]')).toBe(false);
    // By the page's own clock there was time for more; what it asks for now would be seen before this is answered.
    await page.clock.fastForward(10_000);
    await page.evaluate("fetch('/.wardgate/assets/icon.svg')");
    expect(asked).toBe(heard.length);
    expect(ticks).toEqual(heard);
    expect(await page.textContent('[data-live-text=at]')).toBe(shown);
  }

  test('its ticks never move the idle clock, and end with the lock that comes', { timeout: 120_000 }, async () => {
    const { lastActiveAt, reference } = await watch();
    clock.forward({ minutes: 14 });
    await expect.poll(() => ticks.length, { timeout: 30_000 }).toBeGreaterThan(2);
    expect(await session()).toMatchObject({ reference, lastActiveAt, lockedAt: null });
    clock.forward({ minutes: 2 });
    await stops(423);
    expect(await session()).toMatchObject({ reference, lastActiveAt });
    const locked = () => recordsOf(demo, 'locked').find((one) => one['session'] === reference);
    expect(await eventually(locked, 'the lock on record')).toMatchObject({ subject: { name: 'security' } });
  });

  test('a session that has ended is told nothing more', { timeout: 120_000 }, async () => {
    const { key } = await watch();
    await expect.poll(() => ticks.length, { timeout: 30_000 }).toBeGreaterThan(0);
    await demo.gateway.composed.state.sessions.end(key, 'revoked');
    await stops(401);
  });

  test('rules that take the page away end it as well', { timeout: 120_000 }, async () => {
    await watch();
    await expect.poll(() => ticks.length, { timeout: 30_000 }).toBeGreaterThan(0);
    const file = join(demo.directory, 'rules.yaml');
    const before = recordsOf(demo, 'configuration').length;
    const text = readFileSync(file, 'utf8').replace(
      'name: console, area: wardgate.console, allow: privacy',
      'name: console, area: wardgate.console, allow: it',
    );
    writeFileSync(file, text.replaceAll('as: privacy, get: /.wardgate/console, expect: allowed', 'as: it, get: /.wardgate/console, expect: allowed').replaceAll('as: it, get: /.wardgate/console, expect: refused', 'as: privacy, get: /.wardgate/console, expect: refused')); // prettier-ignore
    await eventually(() => recordsOf(demo, 'configuration').length > before, 'the new rules');
    await stops(403);
  });
});
