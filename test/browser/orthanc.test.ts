// Orthanc's own explorer in a real browser, through the gateway: people find patients and studies, look at a picture and
// take an archive home, which is counted; whoever may not export is told so on a page.

import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, visitor } from '../support/browser.ts';
import { codeOf, eventually, records } from '../support/demo-story.ts';
import { orthancClinic } from '../support/orthanc-clinic.ts';
import type { OrthancClinic } from '../support/orthanc-clinic.ts';
import { requirement } from '../support/requirements.ts';

const chromium = requirement('chromium');
const orthanc = requirement('orthanc');
const both = chromium.available ? orthanc : chromium;

both.describe("Orthanc's explorer through the gateway", () => {
  let house: OrthancClinic;
  let browser: Browser;

  beforeAll(async () => {
    house = await orthancClinic(orthanc.path ?? '');
    browser = await launch(chromium.path ?? '');
  });
  afterAll(async () => {
    await browser.close();
    await house.close();
  });

  /** A person in the explorer, and every answer of 400 and more that their browser was given. */
  async function inExplorer(name: string) {
    const { context, page, complaints } = await visitor(browser, { acceptDownloads: true });
    const refused: string[] = [];
    page.on('response', (reply) => {
      if (reply.status() >= 400) refused.push(`${reply.status()} ${new URL(reply.url()).pathname}`);
    });
    const secret = house.place.personas.find((persona) => persona.name === name)?.totpSecret ?? '';
    await page.goto(`${house.place.origin}/.wardgate/sign-in?login_hint=${name}&return=${encodeURIComponent('/')}`);
    await page.fill('input[name=code]', codeOf(secret));
    await Promise.all([page.waitForURL('**/app/explorer.html'), page.click('button[type=submit]')]);
    return { context, page, complaints, refused };
  }

  const visible = (page: Page, text: string): Promise<void> => page.locator('.ui-page-active').getByText(text).first().waitFor();

  test('lists patients and studies, shows a picture, and an archive taken home is counted', async () => {
    const { context, page, complaints, refused } = await inExplorer('records');
    await page.goto(`${house.place.origin}/app/explorer.html#find-patients`);
    await visible(page, 'Ramp^Rita');
    await visible(page, 'Slope^Sam');
    await page.locator('.ui-page-active').getByText('Ramp^Rita').first().click();
    await visible(page, 'Knee, left');
    await visible(page, 'Chest');

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('.ui-page-active #patient-archive').click(),
    ]);
    const bytes = await readFile(await download.path());
    expect(download.suggestedFilename()).toMatch(/\.zip$/);
    expect(bytes.subarray(0, 2).toString()).toBe('PK');
    const outcome = await eventually(
      () => records(house.place).find((one) => one['event'] === 'outcome' && String(one['target']).endsWith('/archive')),
      'the outcome',
    );
    expect(outcome).toMatchObject({ status: 200, bytesOut: bytes.length, subject: { name: 'records' }, rule: 'take' });
    expect(outcome['patient']).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{8}){4}$/);

    const [instance = ''] = await house.orthanc.list('instances');
    await page.goto(`${house.place.origin}/app/explorer.html#instance?uuid=${instance}`);
    const [picture] = await Promise.all([
      page.waitForResponse((reply) => new URL(reply.url()).pathname.endsWith('/preview')),
      page.locator('.ui-page-active #instance-preview').click(),
    ]);
    expect(picture.headers()['content-type']).toBe('image/png');
    await page.locator('#lbImage').waitFor();
    expect(await page.evaluate("getComputedStyle(document.getElementById('lbImage')).backgroundImage")).toContain('/preview');
    expect(complaints).toEqual([]);
    // The explorer asks every image for a PDF first, and Orthanc has none: that is its own answer, not ours.
    expect(refused).toEqual([`404 /instances/${instance}/pdf`]);
    await context.close();
  });

  test('tells whoever may not export, and the archive stays', async () => {
    const { context, page } = await inExplorer('nurse');
    const [patient = ''] = await house.orthanc.list('patients');
    await page.goto(`${house.place.origin}/app/explorer.html#patient?uuid=${patient}`);
    await page.locator('.ui-page-active #patient-archive').waitFor();
    const sent = house.relay.sent();
    const reply = await page.goto(`${house.place.origin}/patients/${patient}/archive`);
    expect(reply?.status()).toBe(403);
    await page.getByText('Your role may not export this').first().waitFor();
    expect(house.relay.sent()).toBe(sent);
    await context.close();
  });
});
