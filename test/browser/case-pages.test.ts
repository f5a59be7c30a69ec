// The pages of alerts and cases in a real browser: a reviewer goes from an alert to a closed case with the keyboard alone, and
// axe-core finds nothing against WCAG 2.2 A and AA on any of them, light and dark, wide and narrow.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { Demo } from '../../src/cli/start-demo.ts';
import { barriersOn } from '../support/accessibility.ts';
import { Codes, enter, launch, visitor } from '../support/browser.ts';
import { tabTo } from '../support/by-keyboard.ts';
import type { Visitor } from '../support/browser.ts';
import { recordsOf } from '../support/clinic-story.ts';
import { eventually, signIn, story } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';

const chromium = requirement('chromium');
const where = '/.wardgate/console/review';

let demo: Demo;
let browser: Browser;
let officer: Visitor;

async function write(page: Page, kind: string, text: string): Promise<void> {
  await tabTo(page, `#text-${kind}`);
  await page.keyboard.type(text);
  await tabTo(page, 'button');
  await page.keyboard.press('Enter');
  await page.getByRole('status').getByText('That is done, and on record.').waitFor();
}

chromium.describe('pages of cases', () => {
  beforeAll(async () => {
    browser = await launch(chromium.path ?? '');
    demo = await story({ alerts: 'detectors: { after-hours: off, many-patients: { moreThan: 2 } }\n' });
    const nurse = await signIn(demo, 'nurse');
    for (const pid of [1, 2, 3]) await nurse.page(`${demo.origin}/chart?pid=${pid}`);
    await eventually(() => recordsOf(demo, 'alert').length > 0, 'the alert');
    officer = await visitor(browser);
    await enter(officer.page, demo, new Codes(demo), 'security', where);
    await eventually(async () => {
      await officer.page.goto(demo.origin + where);
      return (await officer.page.textContent('main'))?.includes('many patients') === true;
    }, 'the alert in the search');
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await demo.close();
  });

  test('from the alert to the closed case with the keyboard alone', { timeout: 180_000 }, async () => {
    const { page } = officer;
    expect(await barriersOn(page, 'alerts')).toEqual([]);
    await tabTo(page, 'button[aria-label^="Open a case"]');
    await page.keyboard.press('Enter');
    await page.getByText('The case is open, and on record.').waitFor();
    expect(await barriersOn(page, 'case-open')).toEqual([]);
    await page.goto(`${demo.origin}${where}`);
    await tabTo(page, 'a[href*="/review/case?id="]');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'What follows' }).waitFor();
    await tabTo(page, '#suggested');
    await page.keyboard.type('Our');
    await tabTo(page, 'button');
    await page.keyboard.press('Enter');
    await page.getByText('That is done, and on record.').waitFor();
    expect(await page.textContent('ol.steps')).toContain('unlike your usual work');
    await write(page, 'finding', 'Three charts in a minute');
    await tabTo(page, '#disposition');
    await page.keyboard.type('vio');
    await write(page, 'disposition', 'Nobody asked for it');
    expect(await barriersOn(page, 'case-disposed')).toEqual([]);
    await write(page, 'sanction', 'A talk');
    await write(page, 'closed', 'Done');
    expect(await barriersOn(page, 'case-closed')).toEqual([]);
    await page.goto(`${demo.origin}${where}?cases=closed`);
    expect(await barriersOn(page, 'cases-closed')).toEqual([]);
    await page.goto(`${demo.origin}${where}/precision`);
    expect(await barriersOn(page, 'precision')).toEqual([]);
    await page.goto(`${demo.origin}${where}/case?id=nowhere`);
    expect(await barriersOn(page, 'case-refused')).toEqual([]);
    expect(officer.complaints.filter((one) => !one.includes('404'))).toEqual([]);
  });
});
