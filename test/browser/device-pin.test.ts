// A PIN in front of people: set on the device's page, and typed into the cover over a locked page, which is left by no click.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Demo } from '../../src/cli/start-demo.ts';
import { codeAt, recordsOf } from '../support/clinic-story.ts';
import { launch, visitor } from '../support/browser.ts';
import { story } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const chromium = requirement('chromium');
const cover = 'document.querySelectorAll("wardgate-cover").length';
const pin = '582917';

chromium.describe('a PIN at a known device', () => {
  let demo: Demo;
  let browser: Browser;
  const clock = new ShiftingClock();

  beforeAll(async () => {
    demo = await story({ clock });
    browser = await launch(chromium.path ?? '');
  });
  afterAll(async () => {
    await browser.close();
    await demo.close();
  });

  /** A nurse at work on a computer of her own, with a PIN for it. */
  async function withPin(name: string): Promise<{ page: Page; context: BrowserContext; complaints: string[] }> {
    clock.forward({ minutes: 2 });
    const { context, page, complaints } = await visitor(browser);
    await page.goto(`${demo.origin}/.wardgate/sign-in?login_hint=nurse&return=%2F.wardgate%2Fdevice`);
    await page.fill('input[name=code]', codeAt(demo, 'nurse', clock));
    await Promise.all([page.waitForURL('**/.wardgate/device'), page.click('button[type=submit]')]);
    await page.fill('#name-own', name);
    await page.getByRole('button', { name: 'Make it mine' }).click();
    await page.getByLabel('Six digits').fill(pin);
    await page.getByLabel('The same once more').fill(pin);
    await page.getByRole('button', { name: 'Set the PIN' }).click();
    await page.getByText('You have a PIN for this device').waitFor();
    await page.goto(`${demo.origin}/finder`);
    return { page, context, complaints };
  }

  async function lock(page: Page): Promise<void> {
    clock.forward({ minutes: 16 });
    await page.evaluate('void fetch("/finder")');
    await expect.poll(() => page.evaluate(cover)).toBe(1);
    await expect.poll(() => page.title()).toBe('Locked');
  }

  test('six keys uncover the page, and what was typed is still there', async () => {
    const { page, context, complaints } = await withPin('Laptop');
    await page.locator('input[name=q]').fill('half a name');
    await lock(page);
    await page.keyboard.type('204816');
    await expect.poll(() => recordsOf(demo, 'pin-failed').length).toBe(1);
    expect(await page.evaluate(cover)).toBe(1);
    await page.keyboard.type(pin);
    await expect.poll(() => page.evaluate(cover)).toBe(0);
    expect([await page.title(), await page.locator('input[name=q]').inputValue()]).toEqual([
      'Find a patient - Meadowbrook EHR 4.2',
      'half a name',
    ]);
    expect(recordsOf(demo, 'unlocked').at(-1)).toMatchObject({ subject: { sub: 'nurse' }, device: 'Laptop', factor: 'totp' });
    expect(complaints.filter((one) => !/403|423/.test(one))).toEqual([]);
    await context.close();
  });

  test('the fifth wrong one says on the cover that the session has ended', async () => {
    const { page, context } = await withPin('Tablet');
    await lock(page);
    const before = recordsOf(demo, 'pin-failed').length;
    for (let wrong = 1; wrong <= 5; wrong += 1) {
      await page.keyboard.type('204816');
      await expect.poll(() => recordsOf(demo, 'pin-failed').length).toBe(before + wrong);
    }
    await expect.poll(() => recordsOf(demo, 'session-ended').at(-1)?.['reason']).toBe('pin-failed');
    const reply = await page.evaluate('fetch("/.wardgate/activity").then((one) => one.status)');
    expect(reply).toBe(401);
    expect(await page.evaluate(cover)).toBe(1);
    await context.close();
  });
});
