// Reports in a real browser: the console's page and the file for paper, which is opened from the disk without a network. Every
// column sorts in both, by numbers where it holds numbers, and neither keeps anybody out.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { report } from '../../src/cli/report.ts';
import type { Demo } from '../../src/cli/start-demo.ts';
import { barriersOn } from '../support/accessibility.ts';
import { Codes, enter, launch, visitor } from '../support/browser.ts';
import type { Visitor } from '../support/browser.ts';
import { eventually, records, signIn, story } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const chromium = requirement('chromium');
const span = 'from=2026-01-01&to=2100-01-01';

chromium.describe('a report', () => {
  let demo: Demo;
  let browser: Browser;
  let officer: Visitor;

  beforeAll(async () => {
    demo = await story();
    const nurse = await signIn(demo, 'nurse');
    const page = { headers: { accept: 'text/html' } };
    for (const patient of ['11', '2', '7']) await nurse.ask(`${demo.origin}/chart?pid=${patient}`, page);
    await eventually(() => records(demo).some(({ event, patient }) => event === 'outcome' && patient === '7'), 'the chart');
    browser = await launch(chromium.path ?? '');
    officer = await visitor(browser);
    await enter(officer.page, demo, new Codes(demo), 'security', '/.wardgate/console');
  });
  afterAll(async () => {
    await browser.close();
    await demo.close();
  });

  async function shown(path: string): Promise<Page> {
    await officer.page.goto(`${demo.origin}/.wardgate/console/reports${path}`);
    return officer.page;
  }

  /** The values of one column of a table, from the top. */
  function column(page: Page, section: string, at: number): Promise<string[]> {
    return page.locator(`[aria-labelledby=${section}] tbody tr td:nth-child(${at})`).allTextContents();
  }

  async function sortBy(page: Page, section: string, title: string): Promise<string | null> {
    const head = page.locator(`[aria-labelledby=${section}] th`, { has: page.getByRole('button', { name: title, exact: true }) });
    await head.getByRole('button').click();
    return head.getAttribute('aria-sort');
  }

  test('is sorted by any column in the console, numbers as numbers, up and down', async () => {
    await expect
      .poll(async () => column(await shown(`/person?person=nurse&${span}`), 'charts', 1), { timeout: 20_000 })
      .toHaveLength(3);
    const { page } = officer;
    expect(await sortBy(page, 'charts', 'Patient')).toBe('ascending');
    expect(await column(page, 'charts', 1)).toEqual(['2', '7', '11']);
    expect(await sortBy(page, 'charts', 'Patient')).toBe('descending');
    expect(await column(page, 'charts', 1)).toEqual(['11', '7', '2']);
    expect(await sortBy(page, 'charts', 'First record')).toBe('ascending');
    expect(await column(page, 'charts', 1)).toEqual(['11', '2', '7']);
    expect(officer.complaints).toEqual([]);
  });

  test.each([
    ['report-list', ''],
    ['report-form', '/patient'],
    ['report-monthly', `/monthly?${span}`],
    ['report-patient', `/patient?patient=7&${span}`],
    ['report-integrity', `/integrity?${span}`],
  ])('%s keeps nobody out', async (name, path) => {
    const page = await shown(path);
    expect(await page.locator('h1').count()).toBe(1);
    expect(await barriersOn(page, name)).toEqual([]);
    expect(officer.complaints).toEqual([]);
  });

  test('lies on the disk as one file that sorts, prints and asks nobody', async () => {
    const file = join(temporaryDirectory(), 'person.html');
    const quiet = { out: () => undefined, err: () => undefined };
    const config = join(demo.directory, 'gateway.yaml');
    expect(await report(['person', '--person', 'nurse', '--since', '1d', '--out', file, '--config', config], quiet)).toBe(0);
    const { page, context, complaints } = await visitor(browser);
    const asked: string[] = [];
    context.on('request', (request) => asked.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    expect(await sortBy(page, 'charts', 'Patient')).toBe('ascending');
    expect(await column(page, 'charts', 1)).toEqual(['2', '7', '11']);
    expect(await barriersOn(page, 'report-file')).toEqual([]);
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.length).toBeGreaterThan(10_000);
    expect([asked, complaints]).toEqual([[pathToFileURL(file).href], []]);
  });

  test('is read without a script as well', async () => {
    const { page, context } = await visitor(browser, { javaScriptEnabled: false });
    await context.addCookies(await officer.context.cookies());
    await page.goto(`${demo.origin}/.wardgate/console/reports/person?person=nurse&${span}`);
    expect(await page.locator('th').first().textContent()).toBe('First record');
    expect(await page.getByRole('columnheader').count()).toBeGreaterThan(10);
  });
});
