// A day's work in the demo EHR through the gateway: frames, charts, notes, and every kind of "no" that a person can meet
// there, each with what it says and where it leads. Nothing that was refused ever reached the EHR.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import type { Demo } from '../../src/cli/start-demo.ts';
import { Codes, enter, launch, visitor } from '../support/browser.ts';
import type { Visitor } from '../support/browser.ts';
import { records, seenByEhr, story } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';

const chromium = requirement('chromium');

/** As shipped, but the confirmation for the administration grows old while a test can wait for it. */
const rules = readFileSync(new URL('../../config/rules.yaml', import.meta.url), 'utf8').replace(
  'freshFactor: 5m',
  'freshFactor: 10s',
);

chromium.describe('working in the EHR with a browser', () => {
  let demo: Demo;
  let browser: Browser;
  let codes: Codes;
  const people = new Map<string, Promise<Visitor>>();

  beforeAll(async () => {
    expect(rules).toContain('freshFactor: 10s');
    demo = await story({ rules });
    codes = new Codes(demo);
    browser = await launch(chromium.path ?? '');
  });
  afterAll(async () => {
    await browser.close();
    await demo.close();
  });

  /** A tab of that person's browser, at the EHR's frames; they sign in once. */
  async function tabOf(name: string): Promise<{ page: Page; work: Frame; complaints: string[]; context: BrowserContext }> {
    const person = people.get(name) ?? arrive(name);
    people.set(name, person);
    const { context, complaints } = await person;
    const page = await context.newPage();
    await page.goto(`${demo.origin}/main`);
    const work = page.frame({ name: 'work' });
    if (work === null) throw new Error('The EHR has no work frame');
    return { page, work, complaints, context };
  }

  async function arrive(name: string): Promise<Visitor> {
    const person = await visitor(browser);
    await enter(person.page, demo, codes, name);
    return person;
  }

  function menu(page: Page, entry: string): Promise<void> {
    return page.frameLocator('frame[name=nav]').getByText(entry, { exact: true }).click();
  }

  const textOf = (frame: Frame | Page): Promise<string> => frame.locator('main').innerText();

  test('a nurse finds a patient, opens the chart and writes a note; the banner carries the patient', async () => {
    const { page, work, complaints } = await tabOf('nurse');
    await menu(page, 'Find a patient');
    await work.fill('#q', 'MB-');
    await work.click('button');
    await work.locator('table.grid a').nth(6).click();
    const name = (await work.locator('.patient b').textContent()) ?? '';
    await work.locator('[data-fragment] table').waitFor();
    await page
      .frameLocator('frame[name=top]')
      .locator('#carried')
      .getByText(name.split(',')[0] ?? '')
      .waitFor();

    const notes = work.frameLocator('iframe.fragment');
    await notes.locator('textarea').fill('Slept well <b>today</b>');
    await notes.locator('button').click();
    await notes.getByText('Slept well <b>today</b>').waitFor();
    const written = records(demo).filter((one) => one['event'] === 'attempt' && one['rule'] === 'notes');
    expect(written).toHaveLength(1);
    expect(written[0]).toMatchObject({ method: 'POST', action: 'create', patientSource: 'session' });
    expect(JSON.stringify(records(demo))).not.toContain('Slept well');

    await work.goto(`${demo.origin}/documents`);
    await work.locator('.pictures img').first().waitFor();
    expect(await work.evaluate('[...document.images].every((one) => one.complete)')).toBe(true);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('a refusal in a frame names what, why, the way on, whom to ask and the number to read out; the EHR saw nothing', async () => {
    const { page, work, complaints } = await tabOf('nurse');
    const before = seenByEhr(demo, '/reports/patients');
    await menu(page, 'Patient list');
    await work.locator('h1', { hasText: 'Your role may not open this' }).waitFor();
    const text = await textOf(work);
    for (const told of [
      'Rule "reports" permits the roles physician, records; you are nurse.',
      'What you can do',
      'If your work needs this, ask for it; nothing is wrong with your account.',
      'Ask ext. 4357 and read this out:',
      '/reports/patients',
      'Noah Madeup (nurse)',
    ]) {
      expect(text).toContain(told);
    }
    const number = await work.locator('dd code').first().textContent();
    const record = records(demo).find((one) => one['request'] === number);
    expect(record).toMatchObject({ event: 'refusal', rule: 'reports', reason: 'role-not-permitted', subject: { name: 'nurse' } });
    expect(seenByEhr(demo, '/reports/patients')).toBe(before);
    // The start page would hold itself inside the frame, so it is not offered here; the menu beside it still works.
    expect(await work.locator('text=Start page').count()).toBe(0);
    await menu(page, 'Schedule');
    await work.locator('h1', { hasText: 'Schedule' }).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  test.each([
    ['/not/in/any/rule', 'No rule permits this', 'no-rule'],
    ['/setup/install', 'Nobody may open this', 'denied-always'],
    ['/admin/users', 'Your role may not open this', 'role-not-permitted'],
    ['/chart?pid=1&pid=2', 'It is not clear which patient this concerns', 'patient-ambiguous'],
    ['/a/..%2fadmin/users', 'The address is not written in its plain form', 'target-malformed'],
    ['/.wardgate/nothing', 'There is no such page', 'page-not-found'],
  ])('%s says "%s"', async (path, title, reason) => {
    const { page, complaints } = await tabOf('nurse');
    const before = demo.ehr.requests().length;
    await page.goto(`${demo.origin}${path}`);
    expect([await page.textContent('h1'), (await textOf(page)).includes(reason)]).toEqual([title, true]);
    const since = demo.ehr
      .requests()
      .slice(before)
      .map((request) => request.target.split('?')[0]);
    expect(since.filter((target) => target === path.split('?')[0])).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('an export by a role that may only read is refused on the page it came from', async () => {
    const { page, work } = await tabOf('physician');
    await menu(page, 'Patient list');
    await work.click('text=Export as CSV');
    await work.locator('h1', { hasText: 'Your role may not export this' }).waitFor();
    expect(await textOf(work)).toContain('You may read this on the screen');
    await page.close();
  });

  test('exports go on until the budget ends; the page says when it opens again; a stated reason extends it once', async () => {
    const { page, complaints } = await tabOf('records');
    await page.goto(`${demo.origin}/reports/patients`);
    for (let file = 1; file <= 10; file += 1) await download(page);
    const before = await refused(page);
    const text = await textOf(page);
    expect(text).toMatch(/Your budget of 10 downloaded files an hour is used up; it opens again at \d\d:\d\d\./);
    expect(records(demo).some((one) => one['event'] === 'budget-warning' && one['rule'] === 'reports')).toBe(true);

    await page.click('text=State a reason for more');
    await page.fill('textarea', 'Yearly report for the board, asked for by Dr. Examplar');
    await page.click('button[type=submit]');
    expect(await textOf(page)).toContain('doubled until midnight');
    expect(records(demo).find((one) => one['event'] === 'budget-extended')).toMatchObject({
      detail: 'Yearly report for the board, asked for by Dr. Examplar',
    });
    await page.goto(`${demo.origin}/reports/patients`);
    for (let file = 1; file <= 10; file += 1) await download(page);
    await refused(page);
    // No second reason today, so none is asked for.
    expect(await page.locator('text=State a reason for more').count()).toBe(0);
    expect(before).toBe(429);
    expect(complaints).toEqual([]);
    await page.close();
  });

  async function download(page: Page): Promise<void> {
    const [file] = await Promise.all([page.waitForEvent('download'), page.click('text=Export as CSV')]);
    expect(file.suggestedFilename()).toBe('patient_list.csv');
    expect(readFileSync(await file.path(), 'utf8').split('\n').length).toBeGreaterThan(60);
  }

  async function refused(page: Page): Promise<number> {
    const [reply] = await Promise.all([
      page.waitForResponse((one) => one.request().method() === 'POST'),
      page.click('text=Export as CSV'),
    ]);
    await page.locator('h1', { hasText: 'Your download budget is used up' }).waitFor();
    expect(Number(await reply.headerValue('retry-after'))).toBeGreaterThan(0);
    return reply.status();
  }

  test('the front desk opens a chart in an emergency, inside the frame, after stating why', async () => {
    const { page, work, complaints } = await tabOf('front-desk');
    await menu(page, 'Find a patient');
    const before = seenByEhr(demo, '/chart');
    await work.locator('table.grid a').nth(3).click();
    await work.locator('h1', { hasText: 'Emergency access' }).waitFor();
    expect(seenByEhr(demo, '/chart')).toBe(before);
    await work.fill('textarea', 'too short');
    await work.click('button[type=submit]');
    // The browser itself holds a reason back that is too short.
    expect(await work.evaluate('document.querySelector("textarea").validity.valid')).toBe(false);
    await work.fill('textarea', 'Patient collapsed in the waiting room');
    await work.click('button[type=submit]');
    await work.locator('.patient b').waitFor();
    // The frames are still there, with the chart where it was clicked.
    expect(page.url()).toBe(`${demo.origin}/main`);
    expect(new URL(work.url()).pathname).toBe('/chart');
    expect(records(demo).find((one) => one['event'] === 'break-glass')).toMatchObject({
      subject: { name: 'front-desk' },
      detail: 'Patient collapsed in the waiting room',
    });
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('the administration asks for a fresh code inside the frame, and goes on with it', async () => {
    const { page, work, complaints } = await tabOf('it');
    const signedIn = Date.now();
    // The confirmation of the sign-in grows old; until then the page simply opens.
    await expect
      .poll(
        async () => {
          await menu(page, 'Users');
          await work.waitForLoadState();
          return work.locator('h1').textContent();
        },
        { timeout: 15_000, interval: 500 },
      )
      .toBe('Confirm once more');
    expect(Date.now() - signedIn).toBeLessThan(15_000);
    const session = (await page.context().cookies()).find((one) => one.name === 'wardgate')?.value;
    await work.fill('input[name=code]', '000000');
    await work.click('button[type=submit]');
    await work.locator('[role=alert]').waitFor();
    await work.fill('input[name=code]', await codes.next('it'));
    await work.click('button[type=submit]');
    await work.locator('h1', { hasText: 'Users of this system' }).waitFor();
    expect(page.url()).toBe(`${demo.origin}/main`);
    // The session goes on under another id, because its privilege rose.
    expect((await page.context().cookies()).find((one) => one.name === 'wardgate')?.value).not.toBe(session);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
