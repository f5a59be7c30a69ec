// A note half typed in OpenEMR while its session ends: the timers of the page run on and take nobody away, its cover says that
// it has ended, and after a sign-in in a window of its own the note is kept, and arrives once.

import { generateSync } from 'otplib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, visitor } from '../support/browser.ts';
import { eventually } from '../support/demo-story.ts';
import { CHART, MAIN, openEmrClinic, passwordOf } from '../support/openemr-clinic.ts';
import type { OpenEmrClinic } from '../support/openemr-clinic.ts';
import { requirement } from '../support/requirements.ts';

const chromium = requirement('chromium');
const cover = 'document.querySelectorAll("wardgate-cover").length';
const note = '/openemr/interface/patient_file/summary/pnotes_full.php';

for (const version of [7, 5] as const)
  chromium.describe(`a note half typed in OpenEMR ${version} when its session ends`, () => {
    let browser: Browser;
    let house: OpenEmrClinic;
    beforeAll(async () => {
      browser = await launch(chromium.path ?? '');
      house = await openEmrClinic({ version, preset: 'openemr', idle: '5m', openEmr: { pollSeconds: 0.3 } });
      house.importPassword('nurse', passwordOf('nurse'));
    });
    afterAll(async () => {
      await browser.close();
      await house.close();
    });

    function codeOf(name: string): string {
      house.clock.forward({ seconds: 30 });
      const secret = house.place.personas.find((persona) => persona.name === name)?.totpSecret ?? '';
      return generateSync({ secret, epoch: Math.floor(house.clock.now() / 1000) });
    }

    /** At OpenEMR, with a patient open and half a note in a tab of its window. */
    async function typing(words: string) {
      const person = await visitor(browser);
      const { page } = person;
      await page.goto(`${house.place.origin}/.wardgate/sign-in?login_hint=nurse&return=%2F`);
      await page.fill('input[name=code]', codeOf('nurse'));
      await page.click('button[type=submit]');
      await page.waitForURL(`**/openemr${MAIN}**`);
      await openNote(page);
      await page.frameLocator('#note').locator('textarea').click();
      await page.keyboard.type(words);
      return person;
    }

    async function openNote(page: Page): Promise<void> {
      await page.evaluate(`navigateTab('/openemr${CHART}?set_pid=5', 'pat')`);
      await page.frameLocator('#pat').locator('h1', { hasText: '(5)' }).waitFor();
      await page.evaluate(`navigateTab('${note}', 'note')`);
      await page.frameLocator('#note').locator('textarea').waitFor();
    }

    const notesAtEhr = (words: string): number =>
    house.emr.requests().filter(({ method, body }) => method === 'POST' && body.includes(new URLSearchParams({ note: words }).toString())).length; // prettier-ignore

    async function endByBackChannel(page: Page): Promise<void> {
      const other = await page.context().newPage();
      await other.goto(`${house.place.provider.issuer}/session/end`);
      await other.getByText('Signed out').first().waitFor();
      await other.close();
    }

    async function endByCommand(): Promise<void> {
      const { sessions } = house.gateway().composed.state;
      for (const one of await sessions.ofSubject(house.place.provider.issuer, 'nurse')) await sessions.end(one.key, 'revoked');
    }

    test.each<readonly [string, (page: Page) => Promise<void>]>([
      ['nobody came back', async () => Promise.resolve(house.clock.forward({ minutes: 36 }))],
      ['it was ended from outside', endByCommand],
      ['the provider ended it', endByBackChannel],
    ])('because %s', async (why, endIt) => {
      const words = `Half a note, ${why}`;
      const { page, context } = await typing(words);
      const address = page.url();
      // OpenEMR 5 reloads a frame by a timer besides, and a key that was just pressed makes the browser say that a person does.
      const open = house.emr.sessions().length;
      await endIt(page);
      await eventually(() => house.emr.sessions().length < open, 'the logout at OpenEMR');
      await expect.poll(() => page.evaluate(cover), { timeout: 20_000 }).toBe(1);
      // The timers go on: every one of them, some rounds long.
      for (let round = 0; round < 3; round += 1)
        await page.waitForResponse((reply) => reply.url().includes('dated_reminders_counter'));
      expect(page.url()).toBe(address);
      expect(await page.frameLocator('#note').locator('textarea').inputValue()).toBe(words);
      await pictures(page, why);

      const opened = context.waitForEvent('page');
      await page.keyboard.press('Enter');
      const popup = await opened;
      await popup.waitForURL((url) => url.pathname !== '/.wardgate/sign-in');
      if (popup.url().startsWith(house.place.provider.issuer)) await popup.locator('button[value=nurse]').click();
      await popup.fill('input[name=code]', codeOf('nurse'));
      // It has done its work and closes itself.
      await Promise.all([popup.waitForEvent('close'), popup.click('button[type=submit]')]);
      await expect.poll(() => page.evaluate(cover), { timeout: 20_000 }).toBe(0);
      expect(await page.frameLocator('#note').locator('textarea').inputValue()).toBe(words);

      await page.frameLocator('#note').locator('button').click();
      await page.frameLocator('#note').getByText('what you sent is kept for you').waitFor();
      expect(notesAtEhr(words)).toBe(0);
      // The session of the EHR is another one and carries nobody, so the words are copied into the chart they belong to.
      const held = await context.newPage();
      await held.goto(`${house.place.origin}/.wardgate/held`);
      const kept = await held.locator('textarea').first().inputValue();
      expect(kept).toBe(words);
      await held.getByRole('button', { name: 'Discard it' }).first().click();
      await page.goto(`${house.place.origin}/`);
      await page.frameLocator('#cal').locator('h1', { hasText: 'Calendar' }).waitFor();
      await openNote(page);
      await page.frameLocator('#note').locator('textarea').fill(kept);
      await page.frameLocator('#note').locator('button').click();
      await page.frameLocator('#note').getByText(words, { exact: true }).waitFor();
      expect(notesAtEhr(words)).toBe(1);
      await context.close();
    });

    async function pictures(page: Page, why: string): Promise<void> {
      const directory = process.env['WARDGATE_PICTURES'];
      if (directory === undefined) return;
      for (const colorScheme of ['light', 'dark'] as const)
        for (const width of [320, 1280]) {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize({ width, height: 800 });
          await page.screenshot({
            path: `${directory}/ended-${version}-${why.replaceAll(' ', '-')}-${colorScheme}-${width}.png`,
          });
        }
      await page.setViewportSize({ width: 1280, height: 800 });
    }
  });
