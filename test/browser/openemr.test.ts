// OpenEMR's pages in a real browser, through the gateway: its frames, its timers and the scripts that write its cookie run
// as they do without one, and yet the browser never holds a cookie of OpenEMR.

import { readFile } from 'node:fs/promises';
import { generateSync } from 'otplib';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPatient } from '../../src/demo/ehr/patients.ts';
import { launch, visitor } from '../support/browser.ts';
import { eventually } from '../support/demo-story.ts';
import { MAIN, openEmrClinic, passwordOf } from '../support/openemr-clinic.ts';
import type { OpenEmrClinic } from '../support/openemr-clinic.ts';
import { requirement } from '../support/requirements.ts';

const chromium = requirement('chromium');
const family = (pid: number): string => findPatient(pid)?.familyName ?? 'nobody';

/** The code of the clinic's moment. */
function codeOf({ place, clock }: OpenEmrClinic, name: string): string {
  const secret = place.personas.find((persona) => persona.name === name)?.totpSecret ?? '';
  return generateSync({ secret, epoch: Math.floor(clock.now() / 1000) });
}

chromium.describe('OpenEMR in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch(chromium.path ?? '');
  });
  afterAll(async () => browser.close());

  /** Somebody who has typed the bare address, signed in, and stands where that led. */
  async function arrive(house: OpenEmrClinic, name: string) {
    house.clock.forward({ seconds: 30 });
    const person = await visitor(browser, { acceptDownloads: true });
    await person.page.goto(`${house.place.origin}/.wardgate/sign-in?login_hint=${name}&return=%2F`);
    await person.page.fill('input[name=code]', codeOf(house, name));
    await person.page.click('button[type=submit]');
    return person;
  }

  async function inMain(house: OpenEmrClinic, name: string) {
    const person = await arrive(house, name);
    await person.page.waitForURL(`**/openemr${MAIN}**`);
    await person.page.frameLocator('#cal').locator('h1', { hasText: 'Calendar' }).waitFor();
    return person;
  }

  async function openChart(page: Page, pid: number): Promise<void> {
    await page.click('text=Finder');
    await page.frameLocator('#fin').locator('#search').fill(family(pid));
    await page.frameLocator('#fin').locator('button').click();
    await page.frameLocator('#fin').locator(`#pid_${pid}`).click();
    await page
      .frameLocator('#pat')
      .locator('h1', { hasText: `(${pid})` })
      .waitFor();
    await page.frameLocator('#pat').locator('#stats', { hasText: 'Allergies' }).waitFor({ state: 'attached' });
  }

  describe.each([
    [7, 'openemr'],
    [5, 'openemr-5'],
    [5, 'openemr'],
  ] as const)('version %i behind the preset %s', (version, preset) => {
    let house: OpenEmrClinic;
    beforeAll(async () => {
      house = await openEmrClinic({ version, preset, openEmr: { pollSeconds: 0.3 } });
      for (const name of ['nurse', 'records']) house.importPassword(name, passwordOf(name));
    });
    afterAll(async () => house.close());

    async function expectOnlyOurCookies(context: BrowserContext): Promise<void> {
      const names = (await context.cookies(house.place.origin)).map(({ name }) => name);
      expect(names).toContain('wardgate');
      expect(names.filter((name) => !name.startsWith('wardgate'))).toEqual([]);
    }

    const seen = (path: string): number =>
      house.emr.requests().filter(({ target }) => target.startsWith(`/openemr${path}`)).length;

    test('one password, a code, the EHR password once; then frames, finder, chart and a document, without a complaint and without a cookie; leaving here leaves OpenEMR', async () => {
      const { page, context, complaints } = await arrive(house, 'physician');
      await page.locator('h1', { hasText: 'needed once' }).waitFor();
      await page.fill('#username', 'physician');
      await page.fill('#password', passwordOf('physician'));
      await page.click('form:has(#password) button');
      await page.waitForURL(`**/openemr${MAIN}**`);
      await openChart(page, 5);
      expect(await page.frameLocator('#enc').locator('h1').textContent()).toContain(family(5));
      await eventually(() => seen('/library/ajax/execute_background_services.php') > 1, 'the timers');
      if (version === 5) await eventually(() => seen('/interface/main/tabs/timeout_iframe.php') > 1, 'the frame that reloads');
      await page.frameLocator('#pat').locator('a', { hasText: 'Documents' }).click();
      await page.frameLocator('#pat').locator('li a').first().click();
      const download = page.waitForEvent('download');
      await page.frameLocator('#pat').locator('a', { hasText: 'Download' }).click();
      expect((await download).suggestedFilename()).toMatch(new RegExp(`^${family(5)}_.*\\.pdf$`));
      await expectOnlyOurCookies(context);
      expect(complaints).toEqual([]);
      const signOut = await page.request.post(`${house.place.origin}/.wardgate/sign-out`, {
        headers: { origin: house.place.origin },
        maxRedirects: 0,
      });
      expect(signOut.status()).toBe(303);
      await eventually(() => house.emr.sessions().length === 0, 'the logout at OpenEMR');
      await context.close();
    });

    test('a cookie of its name that somebody puts there is written over by its scripts, and OpenEMR hears of neither (case 18)', async () => {
      const { page, context, complaints } = await inMain(house, 'nurse');
      const [session] = house.emr.sessions().slice(-1);
      const before = house.emr.requests().length;
      await page.evaluate("document.cookie = 'OpenEMR=planted; path=/openemr'");
      await openChart(page, 9);
      const cookies = house.emr
        .seenSince(before)
        .flatMap(({ headers }) => headers.filter((_, at) => headers[at - 1] === 'cookie'));
      expect(new Set(cookies)).toEqual(new Set([`OpenEMR=${session?.id}`]));
      expect(complaints).toEqual([]);
      await context.close();
    });

    test('two people at once see their own patients (case 22)', async () => {
      const one = await inMain(house, 'nurse');
      const other = await inMain(house, 'records');
      await Promise.all([openChart(one.page, 21), openChart(other.page, 22)]);
      for (const [{ page }, pid] of [
        [one, 21],
        [other, 22],
      ] as const) {
        await page.evaluate(`navigateTab('/openemr/interface/patient_file/history/encounters.php?again', 'enc')`);
        await page
          .frameLocator('#enc')
          .locator('h1', { hasText: `(${pid})` })
          .waitFor();
      }
      expect([...one.complaints, ...other.complaints]).toEqual([]);
      await one.context.close();
      await other.context.close();
    });

    test('a list is taken home by whoever may, and loading the main page again only begins it anew', async () => {
      const { page, context, complaints } = await inMain(house, 'records');
      await page.click('text=Patient list');
      const list = page.frameLocator('#rep');
      const [file] = await Promise.all([page.waitForEvent('download'), list.locator('button[name=form_csvexport]').click()]);
      expect(file.suggestedFilename()).toBe('patient_list.csv');
      expect(await readFile(await file.path(), 'utf8')).toContain(family(60));
      const address = page.url();
      const logins = house.emr.logins().length;
      await page.reload();
      await page.frameLocator('#cal').locator('h1').waitFor();
      if (version === 7) expect(page.url()).not.toBe(address);
      expect(house.emr.logins().length - logins).toBe(version === 7 ? 1 : 0);
      expect(complaints).toEqual([]);
      await context.close();
    });

    test('when OpenEMR has forgotten the session, a frame says so and leads the whole window back in', async () => {
      const { page, context } = await inMain(house, 'nurse');
      const logins = house.emr.logins().length;
      house.emr.restart();
      // Its timers go on asking, and must not take anybody out of the window.
      const told = page.waitForResponse((reply) => reply.url().includes('dated_reminders_counter.php') && reply.status() === 401);
      await told;
      await page.click('text=Messages');
      const frame = page.frameLocator('#msg');
      await frame.locator('h1', { hasText: 'Your session at the EHR has ended' }).waitFor();
      expect(house.emr.logins()).toHaveLength(logins);
      await frame.locator('a.button', { hasText: 'Open the EHR again' }).click();
      await page.frameLocator('#cal').locator('h1', { hasText: 'Calendar' }).waitFor();
      expect(page.frames().filter((one) => one.url().includes(MAIN))).toHaveLength(1);
      expect(house.emr.logins()).toHaveLength(logins + 1);
      await context.close();
    });
  });

  test.each([7, 5] as const)(
    'the logout of OpenEMR %i leaves the gateway and the provider, and there is no way back without signing in',
    async (version) => {
      // Timers as slow as in the product: one that fell into the moment of leaving would lead the window elsewhere.
      const house = await openEmrClinic({ version });
      house.importPassword('records', passwordOf('records'));
      const { page, context } = await inMain(house, 'records');
      await openChart(page, 7);
      const gone = house.emr.sessions().at(-1)?.id;
      await page.click('#logout_link');
      await page.waitForURL(`${house.place.origin}/.wardgate/signed-out**`);
      expect(house.emr.sessions().map(({ id }) => id)).not.toContain(gone);
      const before = house.emr.logins().length;
      await page.goBack();
      expect(await page.content()).not.toContain(family(7));
      await page.goto(house.url(MAIN));
      await page.waitForSelector('button[value=records]');
      expect(house.emr.logins()).toHaveLength(before);
      await context.close();
      await house.close();
    },
  );

  test('the notice of a question stands once in its frames, beside a chart in a tab behind, and never over one', async () => {
    const house = await openEmrClinic();
    house.importPassword('nurse', passwordOf('nurse'));
    const { page, context, complaints } = await inMain(house, 'nurse');
    // Nobody is asked in this clinic; the page hears of a question all the same.
    await page.route('**/.wardgate/activity', async (route) => {
      const response = await route.fetch();
      const json = { ...((await response.json()) as object), notice: 'question', noticeAt: 1 };
      await route.fulfill({ response, json });
    });
    const notices = async (): Promise<number[]> => {
      const all = await Promise.all(
        page.frames().map((one) => one.evaluate('document.querySelectorAll("wardgate-notice").length')),
      );
      return (all as number[]).filter((one) => one > 0);
    };
    const seen = () => expect.poll(notices, { timeout: 10_000 });
    await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
    await seen().toEqual([1]);
    await openChart(page, 5);
    await seen().toEqual([]);
    await page.evaluate(`activateTab('fin')`);
    await seen().toEqual([1]);
    await page.frameLocator('#fin').locator('#pid_5').click();
    await seen().toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
    await house.close();
  });

  test('a window left alone is covered and stays, also when that has lasted too long, and who comes back begins anew (case 10)', async () => {
    const house = await openEmrClinic({ idle: '5m', openEmr: { pollSeconds: 0.3 } });
    house.importPassword('nurse', passwordOf('nurse'));
    const { page, context } = await inMain(house, 'nurse');
    house.clock.forward({ minutes: 4 });
    const polls = house.emr.requests().length;
    await eventually(() => house.emr.requests().length > polls + 3, 'the timers');
    expect(page.url()).toContain(MAIN);
    house.clock.forward({ minutes: 1 });
    await expect.poll(() => page.title(), { timeout: 10_000 }).toBe('Locked');
    expect(page.url()).toContain(MAIN);
    expect(house.emr.sessions()).toHaveLength(1);
    house.clock.forward({ minutes: 30 });
    // Its timers would lead the window away now, and with it whatever was typed.
    await eventually(() => house.emr.sessions().length === 0, 'the logout at OpenEMR');
    await page.waitForResponse((one) => one.url().includes('dated_reminders_counter'), { timeout: 20_000 });
    // The page hears by its own next question that it has ended; until then its key unlocks nothing.
    const opened = context.waitForEvent('page');
    const pressed = async (): Promise<number> => page.keyboard.press('Enter').then(() => context.pages().length);
    await expect.poll(pressed, { timeout: 30_000, interval: 2000 }).toBe(2);
    const beside = await opened;
    expect(page.url()).toContain(MAIN);
    await beside.fill('input[name=code]', codeOf(house, 'nurse'));
    await beside.click('button[type=submit]').catch(() => undefined);
    await expect.poll(() => page.title(), { timeout: 10_000 }).not.toBe('Locked');
    await page.goto(house.url('/'));
    await page.frameLocator('#cal').locator('h1', { hasText: 'Calendar' }).waitFor();
    expect(house.emr.logins().map(({ result }) => result)).toEqual(['success', 'success']);
    await context.close();
    await house.close();
  });
});
