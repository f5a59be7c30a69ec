// Takes the README's pictures anew: `node test/support/take-pictures.ts [path of Chromium]`. Starts the whole demo, so every
// person in them is made up. No test runs this; test/tidy-readme.test.ts only looks whether the pictures are there.

import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { Codes, enter, launch, visitor } from './browser.ts';
import { story } from './demo-story.ts';

/** A page that people load with the README should not weigh more, bytes. */
const maximumBytes = 200_000;

const demo = await story();
const browser = await launch(process.argv[2] ?? '/usr/bin/chromium');
const codes = new Codes(demo);
const viewport = { width: 1120, height: 640 };

async function take(page: Page, name: string): Promise<void> {
  const path = fileURLToPath(new URL(`../../docs/pictures/${name}.png`, import.meta.url));
  await page.screenshot({ path });
  const { size } = statSync(path);
  if (size > maximumBytes) throw new Error(`Picture "${name}" has ${size} bytes, which is more than ${maximumBytes}`);
  process.stdout.write(`${path}: ${size} bytes\n`);
}

/** Opens what the menu names in the EHR's work frame. */
async function open(page: Page, entry: string, wanted: string): Promise<void> {
  await page.frameLocator('frame[name=nav]').getByText(entry, { exact: true }).click();
  await page.frameLocator('frame[name=work]').locator(wanted).first().waitFor();
}

try {
  const { page } = await visitor(browser, { viewport });
  await enter(page, demo, codes, 'nurse');
  await open(page, 'Find a patient', 'table.grid');
  const work = page.frameLocator('frame[name=work]');
  await work.locator('table.grid a').nth(6).click();
  await work.locator('[data-fragment] table').waitFor();
  const notes = work.frameLocator('iframe.fragment');
  await notes.locator('textarea').fill('Slept well. Asked about the new inhaler; shown once more.');
  await notes.locator('button').click();
  await notes.locator('.note').first().waitFor();
  await page.frameLocator('frame[name=top]').locator('#carried:not(:empty)').waitFor();
  await take(page, 'demo');
  await page.setViewportSize({ ...viewport, height: 760 });
  await open(page, 'Patient list', 'h1:has-text("Your role may not open this")');
  await take(page, 'refusal');
} finally {
  await browser.close();
  await demo.close();
}
