// The pages of both stand-ins in a real browser: their scripts must run, or what is learnt through them says nothing about
// the products.

import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { findPatient } from '../../src/demo/ehr/patients.ts';
import { startOpenEmr } from '../../src/demo/openemr/start-open-emr.ts';
import { patientUuid } from '../../src/demo/openmrs/records.ts';
import { startOpenMrs } from '../../src/demo/openmrs/start-open-mrs.ts';
import { launch, visitor } from '../support/browser.ts';
import { requirement } from '../support/requirements.ts';

const chromium = requirement('chromium');
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function closeLater<T extends { close(): Promise<void> }>(one: T): T {
  closing.push(() => one.close());
  return one;
}

chromium.describe('in a browser', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch(chromium.path ?? '');
  });

  afterAll(() => browser.close());

  it.each([5, 7] as const)('OpenEMR %i opens a chart by a dozen requests, polls, and ends with its timeout', async (version) => {
    const emr = closeLater(await startOpenEmr({ version, pollSeconds: 0.2 }));
    const { page, context, complaints } = await visitor(browser);
    closeLater(context);
    await page.goto(`${emr.origin}/openemr/`);
    await page.fill('#authUser', 'nurse');
    await page.fill('#clearPass', 'meadow-nurse');
    await page.click('button');
    await page.click('text=Finder');
    const before = emr.requests().length;
    await page.frameLocator('#fin').locator('#pt_table tr >> nth=0').click();
    const chosen = page.frameLocator('#pat').locator('h1');
    await chosen.waitFor();
    const { patient } = emr.sessions()[0] ?? {};
    expect(await chosen.textContent()).toContain(findPatient(patient ?? 0)?.familyName);
    const paths = (): string =>
      emr
        .seenSince(before)
        .map((one) => one.target)
        .join('\n');
    for (const wanted of ['set_pid=', 'encounters.php', 'context=patient_picture', 'stats.php', 'vitals_fragment.php']) {
      await expect.poll(paths).toContain(wanted);
    }
    await expect.poll(() => emr.requests().some((one) => one.target.endsWith('dated_reminders.php'))).toBe(true);
    const poll = emr.requests().find((one) => one.target.endsWith('counter.php'));
    expect(poll?.body).toMatch(version === 5 ? /^skip_timeout_reset=1&/ : /name="skip_timeout_reset"\r\n\r\n1\r\n/);
    if (version === 5)
      await expect
        .poll(() => emr.requests().filter((one) => one.target.endsWith('timeout_iframe.php')).length)
        .toBeGreaterThan(1);
    emr.expireSessions();
    await page.waitForURL(/login\.php/);
    await expect.poll(() => emr.sessions()).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('OpenMRS goes to its login, shows a chart, and goes back when the session is over', async () => {
    const mrs = closeLater(await startOpenMrs({ pollSeconds: 0.2 }));
    const { page, context, complaints } = await visitor(browser);
    closeLater(context);
    await page.goto(`${mrs.origin}/openmrs/spa/home`);
    await page.waitForURL(/\/spa\/login$/);
    await page.fill('input[name=username]', 'nurse');
    await page.fill('input[name=password]', 'meadow-nurse');
    await page.click('button');
    await page.waitForURL(/\/spa\/home$/);
    await page.goto(`${mrs.origin}/openmrs/spa/patient/${patientUuid(7)}/chart`);
    await page.getByText(findPatient(7)?.familyName ?? '').waitFor();
    await expect.poll(() => mrs.requests().some((one) => one.target.includes('subject:Patient='))).toBe(true);
    await expect.poll(() => mrs.requests().some((one) => one.target.includes('/queue-entry'))).toBe(true);
    mrs.restart();
    // Polled, because the page may leave twice: two of its requests hear of the end.
    await expect.poll(() => page.url()).toMatch(/\/spa\/login$/);
    expect(complaints).toEqual([]);
  });
});
