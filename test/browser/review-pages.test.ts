// The pages of changes and of a recertification in a real browser: a reviewer decides and signs with the keyboard alone, and
// axe-core finds nothing against WCAG 2.2 A and AA on any of them, light and dark, wide and narrow.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { recertify } from '../../src/cli/recertify.ts';
import type { Demo } from '../../src/cli/start-demo.ts';
import { barriersOn } from '../support/accessibility.ts';
import { told } from '../support/backup-clinic.ts';
import { launch } from '../support/browser.ts';
import { enterAt, tabTo } from '../support/by-keyboard.ts';
import type { Visitor } from '../support/browser.ts';
import { codeAt, recordsOf } from '../support/clinic-story.ts';
import { eventually, story } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const chromium = requirement('chromium');

const clock = new ShiftingClock();
let demo: Demo;
let browser: Browser;
let officer: Visitor;
let admin: Visitor;

const where = '/.wardgate/console/recertification';

chromium.describe('pages of review', () => {
  beforeAll(async () => {
    browser = await launch(chromium.path ?? '');
    demo = await story({ clock });
    for (const name of ['nurse', 'front-desk']) await (await enterAt({ browser, demo, clock }, name, '/main')).context.close();
    officer = await enterAt({ browser, demo, clock }, 'security', '/.wardgate/console');
    admin = await enterAt({ browser, demo, clock }, 'it', where);
    const started = await told(recertify, 'start', '--quarter', '2026-Q4', '--config', join(demo.directory, 'gateway.yaml'));
    expect(started).toMatchObject({ code: 0, err: '' });
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await demo.close();
  });

  test('a reviewer ticks a row, chooses and says why with the keyboard alone', { timeout: 120_000 }, async () => {
    const { page } = officer;
    await page.goto(demo.origin + where);
    expect(await barriersOn(page, 'recertification')).toEqual([]);
    await tabTo(page, 'input[name=row][value="3"]');
    await page.keyboard.press('Space');
    await tabTo(page, '#decision');
    await page.keyboard.type('Rem');
    await tabTo(page, '#note');
    await page.keyboard.type('she left the ward');
    await page.keyboard.press('Enter');
    await page.getByText('That is decided, and on record.').waitFor();
    expect(recordsOf(demo, 'recertification-decided')[0]?.['detail']).toMatch(
      /row 3: remove role "nurse".*note: "she left the ward"/,
    );
  });

  test('several rows are decided only where that is said', { timeout: 120_000 }, async () => {
    const { page } = officer;
    for (const row of ['1', '2']) await page.check(`input[name=row][value="${row}"]`);
    await page.selectOption('#decision', 'keep');
    await page.click('form button[type=submit]');
    await page.getByRole('alert').getByText('You ticked several rows').waitFor();
    expect(await barriersOn(page, 'recertification-refused')).toEqual([]);
    for (const row of ['1', '2']) await page.check(`input[name=row][value="${row}"]`);
    await page.selectOption('#decision', 'keep');
    await page.check('input[name=several]');
    await page.click('form button[type=submit]');
    await page.getByText('That is decided, and on record.').waitFor();
    await admin.page.goto(demo.origin + where);
    await admin.page.check('input[name=row][value="4"]');
    await admin.page.selectOption('#decision', 'keep');
    await admin.page.click('form button[type=submit]');
    await admin.page.getByText('That is decided, and on record.').waitFor();
  });

  test('signing asks for the second factor once more and comes back', { timeout: 120_000 }, async () => {
    const { page } = officer;
    await page.goto(demo.origin + where);
    await tabTo(page, `a[href="${where}/sign"]`);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Sign the recertification' }).waitFor();
    expect(await barriersOn(page, 'recertification-confirm')).toEqual([]);
    await tabTo(page, 'a.button[href^="/.wardgate/step-up"]');
    await page.keyboard.press('Enter');
    clock.forward({ minutes: 1 });
    await page.fill('input[name=code]', codeAt(demo, 'security', clock));
    await page.keyboard.press('Enter');
    await page.waitForURL(`${demo.origin}${where}/sign`);
    expect(await barriersOn(page, 'recertification-sign')).toEqual([]);
    await tabTo(page, 'form button');
    await page.keyboard.press('Enter');
    await page.getByText('The recertification is signed').waitFor();
    expect(await barriersOn(page, 'recertification-signed')).toEqual([]);
    expect(recordsOf(demo, 'recertification-signed')).toHaveLength(1);
    // A reload sends the form once more, and meets a signed one.
    await page.goBack();
    expect(officer.complaints).toEqual([]);
  });

  test('the changes of the rules are read, line by line and role by role', { timeout: 120_000 }, async () => {
    const { page } = officer;
    const rulesFile = join(demo.directory, 'rules.yaml');
    const text = readFileSync(rulesFile, 'utf8');
    const count = recordsOf(demo, 'configuration').length;
    writeFileSync(
      rulesFile,
      text.replace(
        'name: claims, area: ehr.billing, allow: billing',
        'name: claims, area: ehr.billing, allow: [billing, records]',
      ),
    );
    await eventually(() => recordsOf(demo, 'configuration').length > count, 'the new rules');
    await page.goto(`${demo.origin}/.wardgate/console/rules`);
    expect(await barriersOn(page, 'changes')).toEqual([]);
    await tabTo(page, 'a[aria-label="Show change 1"]');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Change 1' }).waitFor();
    expect(await page.textContent('#change')).toContain('records gains ehr.billing');
    expect(await barriersOn(page, 'change')).toEqual([]);
    await page.goto(`${demo.origin}/.wardgate/console`);
    expect(await page.textContent('main')).toContain('by hand, without author');
    expect(officer.complaints).toEqual([]);
  });
});
