// The tryout as somebody sees it who answers for privacy: the overview stands open in a real browser and is never loaded
// again. A nurse walks thirty charts at night, a clerk exports, one account is used at two desks, somebody looks up a colleague;
// each is on record as an alert of the very request that made it one, stands in the open page with why, and one click ends the
// session while a download runs.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { demoCharts, importDemoRelations } from '../../src/cli/import-demo-relations.ts';
import type { Demo } from '../../src/cli/start-demo.ts';
import { launch, visitor } from '../support/browser.ts';
import type { Visitor } from '../support/browser.ts';
import { arrive, codeAt, recordsOf, roleLines, script, withoutTheEhr } from '../support/clinic-story.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { eventually, records, story } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';
import { cameWhole, unreadDownload } from '../support/unread-download.ts';

const chromium = requirement('chromium');
const overview = '/.wardgate/console/overview';
const rules = `${roleLines}
rules:
  - { name: console, area: wardgate.console, allow: privacy }
  - { name: charts, paths: [/chart], allow: everyone, patient: query.pid }
  - { name: files, paths: [/files/large], allow: everyone }
  - { name: find, paths: [/finder, /main], allow: everyone }
downloads: { everyone: { files: unlimited, size: unlimited, patients: unlimited, then: refuse } }
`;
/** How long a busy machine may take: what is told is told of the very request that was one too many, and of no later one. */
const patience = 20_000;

const clock = new ShiftingClock();
let demo: Demo;
let browser: Browser;
let officer: Visitor;
let nurse: CookieClient;
/** Whole pages that the officer's browser was given. */
let loads = 0;

chromium.describe('the overview that stands open', () => {
  beforeAll(async () => {
    browser = await launch(chromium.path ?? '');
    // Open for half an hour that is twelve hours away: whatever the time is, it is night.
    const hour = Number(new Intl.DateTimeFormat('en-GB', { timeZone: 'America/Chicago', hour: '2-digit' }).format(Date.now()));
    const open = String((hour + 12) % 24).padStart(2, '0');
    const rewriteGateway = (yaml: string): string =>
      yaml
        .replace('Mon-Fri 07:00-19:00', `Mon-Sun ${open}:00-${open}:30`)
        .replace('health: { port: 0 } }', 'health: { port: 0 }, tlsEndedBy: [127.0.0.0/8, "::1/128"] }');
    demo = await story({ rules, clock, rewriteGateway, alerts: 'detectors: { large-transfer: { atLeast: 1MB } }\n' });
    await importDemoRelations(demo, Date.now());
    officer = await visitor(browser);
    const { page } = officer;
    await page.goto(`${demo.origin}/.wardgate/sign-in?login_hint=security&return=${encodeURIComponent(overview)}`);
    await page.fill('input[name=code]', codeAt(demo, 'security', clock));
    await Promise.all([page.waitForURL(demo.origin + overview), page.click('button[type=submit]')]);
    page.on('domcontentloaded', () => (loads += 1));
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await demo.close();
  });

  /** The alert on record, at the request that made it one, and the same in the open page. */
  async function told(name: string, detector: string, why: RegExp, cause: object): Promise<number> {
    const found = await eventually(
      () =>
        recordsOf(demo, 'alert').find(
          ({ reason, subject }) => reason === detector && (subject as { readonly name?: string } | undefined)?.name === name,
        ),
      `the alert ${detector}`,
    );
    const seen = Number(/seen at record (\d+)/.exec(String(found['detail']))?.[1]);
    expect(records(demo).find(({ seq }) => seq === seen)).toMatchObject({ ...cause, subject: { name } });
    const item = officer.page.locator(`[data-live-alerts] li[data-record="${String(found['seq'])}"]`);
    await item.waitFor({ timeout: patience });
    const text = await item.innerText();
    expect(text.toLowerCase()).toContain(detector.replaceAll('-', ' '));
    expect(text).toContain(name);
    expect(text).toMatch(why);
    return Number(found['seq']);
  }

  test('a nurse walks thirty charts at night', { timeout: 120_000 }, async () => {
    expect(await officer.page.locator('[data-live-alerts] li').count()).toBe(0);
    nurse = await arrive(demo, 'nurse', clock);
    for (let pid = 21; pid <= 50; pid += 1) await nurse.page(`${demo.origin}/chart?pid=${pid}`);
    await told('nurse', 'after-hours', /opened/, { patient: '21' });
    await told('nurse', 'many-patients', /21 patients' charts opened within one hour/, { patient: '41' });
    // Words for whoever does not see the list change, and nothing left that says there is none.
    await officer.page.locator('[data-live-state]', { hasText: /new alerts?\./ }).waitFor();
    expect(await officer.page.locator('[data-live-none]').isVisible()).toBe(false);
  });

  test('a clerk exports, and somebody looks up a colleague', { timeout: 120_000 }, async () => {
    const clerk = await arrive(demo, 'billing', clock);
    await clerk.page(`${demo.origin}/files/large?megabytes=3`);
    await told('billing', 'large-transfer', /MB/, { target: '/files/large?megabytes=-' });
    await nurse.page(`${demo.origin}/chart?pid=${demoCharts.frontDesk}`);
    await told('nurse', 'colleague', /The patient is a colleague of theirs/, { patient: String(demoCharts.frontDesk) });
  });

  test('one account is used at two desks', { timeout: 120_000 }, async () => {
    const here = await arrive(demo, 'physician', clock);
    clock.forward({ seconds: 31 });
    const there = await arrive(demo, 'physician', clock);
    for (let turn = 0; turn < 3; turn += 1) {
      await here.page(`${demo.origin}/finder`, { 'x-forwarded-for': '10.20.5.7' });
      await there.page(`${demo.origin}/finder`, { 'x-forwarded-for': '10.20.5.8' });
    }
    await told('physician', 'two-places', /10\.20\.5\.7 and 10\.20\.5\.8/, { target: '/finder' });
  });

  test('the page was never loaded again, and complained of nothing', () => {
    expect(loads).toBe(0);
    expect(officer.complaints).toEqual([]);
  });

  test('one click ends the session while a download runs', { timeout: 120_000 }, async () => {
    const { page } = officer;
    const running = await unreadDownload(nurse, demo.origin);
    await page.click('nav.console a[href$="/review/responses"]');
    const row = page.locator('tr', { hasText: "21 patients' charts" });
    // The page reads the search index, which is a moment behind the record.
    await expect.poll(async () => (await page.reload(), row.innerText()), { timeout: 20_000 }).toContain('requests running: 1');
    await row.getByRole('button', { name: 'End their sessions now' }).click();
    await page.getByText('Their sessions have ended').waitFor();
    expect(await cameWhole(running)).toBe(false);
    const after = await withoutTheEhr(demo, () => script(nurse, `${demo.origin}/chart?pid=31`));
    expect(after.status).toBe(401);
    expect(officer.complaints).toEqual([]);
  });
});
