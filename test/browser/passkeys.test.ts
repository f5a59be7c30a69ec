// Passkeys in front of people, with a virtual authenticator: set up at the first sign-in, signing in, confirming for a rule
// that takes no code, unlocking in place, adding and removing.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { Demo } from '../../src/cli/start-demo.ts';
import { plugIn } from '../support/authenticator.ts';
import { codeAt, recordsOf } from '../support/clinic-story.ts';
import { launch, visitor } from '../support/browser.ts';
import { story } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const chromium = requirement('chromium');
const useIt = 'form[data-passkey] button';

const rules = `roles: { nurse: Clinic-Nurses, new: Clinic-Physicians }
rules:
  - { name: strict, paths: [/strict], allow: everyone, factor: phishing-resistant }
  - { name: all, paths: ["/**"], methods: [GET, POST], allow: everyone, webSocket: true }
`;

chromium.describe('passkeys', () => {
  let demo: Demo;
  let browser: Browser;
  const clock = new ShiftingClock();

  beforeAll(async () => {
    demo = await story({ idle: '10m', clock, rules });
    browser = await launch(chromium.path ?? '');
  });
  afterAll(async () => {
    await browser.close();
    await demo.close();
  });

  const start = (name: string, path = '/.wardgate/me'): string =>
    `${demo.origin}/.wardgate/sign-in?login_hint=${name}&return=${encodeURIComponent(path)}`;

  async function withCode(page: Page, name: string): Promise<void> {
    await page.goto(start(name));
    await page.fill('input[name=code]', codeAt(demo, name, clock));
    await Promise.all([page.waitForURL('**/.wardgate/me'), page.click('button[type=submit]')]);
  }

  test('a first passkey is set up at the sign-in, signs in, satisfies a strict rule and is the last that stays', async () => {
    const { context, page, complaints } = await visitor(browser);
    const device = await plugIn(page);
    await page.goto(start('newcomer'));
    await page.fill('#passkey-name', 'Key on my badge');
    await page.click(useIt);
    await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor();
    expect(recordsOf(demo, 'enrolment').at(-1)).toMatchObject({ factor: 'passkey', detail: '"Key on my badge"' });
    await page.getByText('I have kept them').click();
    await page.getByText('A new factor was added: the passkey "Key on my badge"').waitFor();
    await page.goto(`${demo.origin}/strict`);
    expect(page.url()).toBe(`${demo.origin}/strict`);

    await context.clearCookies();
    await device.verifies(false);
    await page.goto(start('newcomer'));
    await page.click(useIt);
    await page.getByText('That did not work or was cancelled').waitFor();
    await device.verifies(true);
    await page.click(useIt);
    await page.waitForURL('**/.wardgate/me');
    expect(recordsOf(demo, 'sign-in').at(-1)).toMatchObject({ factor: 'passkey' });

    await page.goto(`${demo.origin}/.wardgate/factors`);
    await page.getByRole('button', { name: 'Remove Key on my badge' }).click();
    await page.getByText('This is your only second factor').waitFor();
    expect(recordsOf(demo, 'second-factor-failed').at(-1)).toMatchObject({ reason: 'last-factor' });

    // A copy of the key, made before it was used last.
    await context.clearCookies();
    await device.setBack();
    await page.goto(start('newcomer'));
    await page.click(useIt);
    await page.getByText('may have been copied').waitFor();
    expect(recordsOf(demo, 'second-factor-failed').at(-1)).toMatchObject({ reason: 'passkey-copied' });
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('whoever has a code adds a passkey after confirming, steps up with it, unlocks with it and removes it', async () => {
    const { context, page, complaints } = await visitor(browser);
    await plugIn(page);
    await page.clock.install();
    await withCode(page, 'nurse');
    await page.goto(`${demo.origin}/strict`);
    await page.getByText('needs a passkey, and you have none yet').waitFor();
    expect(await page.locator('input[name=code]').count()).toBe(0);

    clock.forward({ minutes: 6 });
    await page.goto(`${demo.origin}/.wardgate/factors`);
    expect(await page.locator('form[data-passkey]').count()).toBe(0);
    await page.getByRole('link', { name: 'Confirm' }).click();
    await page.fill('input[name=code]', codeAt(demo, 'nurse', clock));
    await page.click('button[type=submit]');
    await page.fill('#passkey-name', 'Desk <b>');
    await page.click(useIt);
    await page.getByText('Desk <b>').waitFor();

    await page.goto(`${demo.origin}/.wardgate/step-up?only=passkey&return=%2Fmain`);
    expect(await page.locator('input[name=code]').count()).toBe(0);
    await page.click(useIt);
    await page.waitForURL('**/main');
    await page.goto(`${demo.origin}/strict`);
    expect(page.url()).toBe(`${demo.origin}/strict`);

    await page.goto(`${demo.origin}/main`);
    for (let minute = 0; minute < 11; minute += 1) {
      clock.forward({ minutes: 1 });
      await page.clock.runFor(60_000);
    }
    await expect.poll(() => page.title()).toBe('Locked');
    // Within the cover's closed root: its button for the passkey has the focus after the field for the code, backwards.
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate('document.querySelectorAll("wardgate-cover").length')).toBe(0);
    expect(recordsOf(demo, 'unlocked').at(-1)).toMatchObject({ factor: 'passkey', subject: { sub: 'nurse' } });

    await page.goto(`${demo.origin}/.wardgate/factors`);
    await page.getByRole('button', { name: 'Remove Desk <b>' }).click();
    await expect.poll(() => page.getByText('Desk <b>').count()).toBe(0);
    expect(recordsOf(demo, 'factor-removed').at(-1)).toMatchObject({ detail: 'passkey "Desk <b>"' });
    expect(complaints).toEqual([]);
    await context.close();
  });
});
