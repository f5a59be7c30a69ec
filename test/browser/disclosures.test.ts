// The question about a download in a real browser: one tap and the file arrives; "yes" opens the form without a script; a form of the
// EHR goes on by itself; with the keyboard alone, in both languages, light and dark, wide and narrow.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { Demo } from '../../src/cli/start-demo.ts';
import { readDisclosureNote } from '../../src/core/disclosures/disclosure-note.ts';
import { languages } from '../../src/core/language/language.ts';
import { wordsIn } from '../../src/pages/words-in.ts';
import { barriersOn } from '../support/accessibility.ts';
import { launch, visitor } from '../support/browser.ts';
import { codeAt, recordsOf, roleLines } from '../support/clinic-story.ts';
import { story } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const chromium = requirement('chromium');
const rules = `${roleLines}
rules:
  - { name: documents, paths: [/documents/file], allow: records, patient: query.pid, category: document, download: always, disclosure: records }
  - { name: claims, paths: [/billing/claims/export], methods: [POST], allow: records, category: claims, download: always, disclosure: records }
  - { name: console, area: wardgate.console, allow: privacy }
  - { name: all, paths: ['/**'], methods: [GET, POST], allow: everyone, webSocket: true }
accounting: { sameRecipient: { for: 15m, files: 10 } }
`;
const file = '/documents/file?pid=7&doc=1';

chromium.describe('the question about a download', () => {
  let demo: Demo;
  let browser: Browser;
  const clock = new ShiftingClock();

  beforeAll(async () => {
    demo = await story({ rules, clock });
    browser = await launch(chromium.path ?? '');
  });
  afterAll(async () => {
    await browser.close();
    await demo.close();
  });

  async function atWork(name = 'records', path = '/welcome', locale = 'en-US') {
    clock.forward({ minutes: 2 });
    const seen = await visitor(browser, { locale, acceptDownloads: true });
    await seen.page.goto(`${demo.origin}/.wardgate/sign-in?login_hint=${name}&return=${encodeURIComponent(path)}`);
    await seen.page.fill('input[name=code]', codeAt(demo, name, clock));
    await Promise.all([seen.page.waitForURL(demo.origin + path), seen.page.click('button[type=submit]')]);
    return seen;
  }

  async function look(page: Page, name: string): Promise<void> {
    expect(await barriersOn(page, name), name).toEqual([]);
    await page.setViewportSize({ width: 1280, height: 900 });
  }

  const list = `/documents?pid=7`;

  test('one tap: a click answers it, and the file arrives', async () => {
    const { page, context, complaints } = await atWork('records', list);
    await page.click('a[href*="doc=1"]');
    await page.getByRole('heading', { name: 'Where does this download go?' }).waitFor();
    expect(page.url()).not.toContain('pid');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'No: treatment, payment or operations' }).click(),
    ]);
    expect(await download.failure()).toBeNull();
    expect(download.suggestedFilename()).toMatch(/\.pdf$/);
    await page.getByText('It is on record, and the download starts.').waitFor();
    expect(recordsOf(demo, 'disclosure-not')).toHaveLength(1);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('by the keyboard it is Tab and Enter', async () => {
    const { page, context } = await atWork('records', list);
    await page.goto(demo.origin + file);
    await page.keyboard.press('Tab');
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    expect(await download.failure()).toBeNull();
    await context.close();
  });

  test('"yes" opens the form; a form of the EHR then goes on by itself, with its answer in the same tab', async () => {
    const { page, context, complaints } = await atWork('records', '/billing/claims');
    await page.click('form button');
    await page.getByRole('link', { name: 'Yes, it goes to somebody else' }).click();
    await page.waitForURL(/yes=1/);
    for (const [name, words] of [
      ['recipient', 'State auditor'],
      ['address', '1 Capitol Square'],
      ['purpose', 'Yearly audit, letter of 1 November'],
      ['count', '20'],
    ] as const)
      await page.fill(`[name=${name}]`, words);
    expect(await page.inputValue('[name=description]')).toBe('claims');
    await page.selectOption('[name=basis]', 'health-oversight');
    await look(page, 'disclosure-yes');
    const before = demo.ehr.requests().filter(({ target }) => target === '/billing/claims/export').length;
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Record it and download' }).click(),
    ]);
    expect(await download.failure()).toBeNull();
    expect(demo.ehr.requests().filter(({ target }) => target === '/billing/claims/export')).toHaveLength(before + 1);
    const note = readDisclosureNote(String(recordsOf(demo, 'disclosure').at(-1)?.['detail']));
    expect(note).toMatchObject({ basis: 'health-oversight', count: 20, address: true });
    expect(complaints).toEqual([]);
    await context.close();
  });

  test.each(languages)('stands in the way of nobody, in %s', async (language) => {
    const words = wordsIn(language).disclosure;
    const { page, context } = await atWork('records', '/welcome', language);
    await page.goto(demo.origin + file);
    await page.getByRole('heading', { name: words.title }).waitFor();
    await look(page, `disclosure-${language}`);
    await page.goto(`${demo.origin}/.wardgate/disclosure`);
    await page.getByRole('heading', { name: words.listTitle }).waitFor();
    await look(page, `waiting-downloads-${language}`);
    await context.close();
  });

  test('the console takes what left by paper', async () => {
    const { page, context } = await atWork('security', '/.wardgate/console/disclosures');
    await look(page, 'console-disclosures');
    await context.close();
  });
});
