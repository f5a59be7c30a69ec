// The page on which a person answers a question, in a real browser: two taps or the keyboard alone, and axe-core finds nothing on
// it, light and dark, wide and narrow, in either state.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { importDemoPatients } from '../../src/cli/import-demo-patients.ts';
import { demoCharts, importDemoRelations } from '../../src/cli/import-demo-relations.ts';
import type { Demo } from '../../src/cli/start-demo.ts';
import { barriersOn } from '../support/accessibility.ts';
import { Codes, enter, launch, visitor } from '../support/browser.ts';
import { recordsOf } from '../support/clinic-story.ts';
import { eventually, story } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';

const chromium = requirement('chromium');

chromium.describe('the question page', () => {
  let demo: Demo;
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch(chromium.path ?? '');
    demo = await story({ alerts: 'detectors: { after-hours: off, own-chart: { response: [note, ask] } }\n' });
    await importDemoPatients(demo);
    await importDemoRelations(demo, Date.now());
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await demo.close();
  });

  test('is reached from the sessions and answered with two taps', { timeout: 120_000 }, async () => {
    const { page, complaints } = await visitor(browser);
    await enter(page, demo, new Codes(demo), 'nurse', `/chart?pid=${demoCharts.nurse}`);
    await eventually(() => recordsOf(demo, 'response').length > 0, 'the question');
    await page.goto(`${demo.origin}/.wardgate/sessions`);
    expect(await barriersOn(page, 'sessions-with-question')).toEqual([]);
    await page.getByRole('link', { name: 'Read and answer' }).click();
    await page.getByRole('heading', { name: 'Questions to you' }).waitFor();
    expect(await barriersOn(page, 'question-asked')).toEqual([]);
    await page.getByText('My own or a relative’s chart').click();
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('status').getByText('Thank you.').waitFor();
    expect(await barriersOn(page, 'question-answered')).toEqual([]);
    await page.getByLabel('Write to the reviewer').focus();
    await page.keyboard.type('I looked at my vaccinations');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('blockquote', { hasText: 'vaccinations' }).waitFor();
    await page.getByRole('link', { name: 'Go on' }).click();
    await page.waitForURL(/\/\.wardgate\/sessions$/);
    expect(complaints).toEqual([]);
  });
});
