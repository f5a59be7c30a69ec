// How a session ends in front of people: left alone while the EHR's own poller goes on, or signed out of. Either way the
// browser shows no chart afterwards, not by its back button and not in a frame that was open.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { Demo } from '../../src/cli/start-demo.ts';
import { Codes, enter, launch, visitor } from '../support/browser.ts';
import { eventually, records, seenByEhr, story } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';

const chromium = requirement('chromium');

chromium.describe('leaving with a browser', () => {
  let demo: Demo;
  let browser: Browser;
  let codes: Codes;

  beforeAll(async () => {
    demo = await story({ idle: '5s', endAfterLock: '5s' });
    codes = new Codes(demo);
    browser = await launch(chromium.path ?? '');
  });
  afterAll(async () => {
    await browser.close();
    await demo.close();
  });

  function ended(name: string, event: string): Record<string, unknown> | undefined {
    return records(demo).find((one) => one['event'] === event && (one['subject'] as { name?: string })?.name === name);
  }

  test('a session that nobody uses is covered and then ends although the poller goes on, and leads to the sign-in', async () => {
    const { context, page, complaints } = await visitor(browser);
    await enter(page, demo, codes, 'nurse');
    const banner = page.frame({ name: 'top' });
    const work = page.frame({ name: 'work' });
    if (banner === null || work === null) throw new Error('The EHR has no frames');
    await work.goto(`${demo.origin}/chart?set_pid=7`);
    await work.locator('.patient b').waitFor();

    // The EHR's own script asks every few seconds; here it asks all the time.
    const polls = seenByEhr(demo, '/poll/reminders');
    let last = 200;
    await expect
      .poll(
        async () => {
          last = (await banner.evaluate('fetch("/poll/reminders").then((reply) => reply.status)')) as number;
          return ended('nurse', 'session-ended') !== undefined;
        },
        { timeout: 30_000, interval: 100 },
      )
      .toBe(true);
    // It hears nothing any more, and nothing that would take the page along.
    expect(last).toBe(204);
    expect(seenByEhr(demo, '/poll/reminders') - polls).toBeGreaterThan(3);
    expect(ended('nurse', 'session-ended')).toMatchObject({ reason: 'idle' });

    const charts = seenByEhr(demo, '/finder');
    expect(await page.title()).toBe('Locked');
    await page.goto(`${demo.origin}/main`);
    // The provider still knows the person, so the window comes back to the code page.
    await page.waitForURL(`${demo.origin}/.wardgate/second-factor**`);
    expect(page.frames()).toHaveLength(1);
    expect(seenByEhr(demo, '/finder')).toBe(charts);
    await page.fill('input[name=code]', await codes.next('nurse'));
    await page.click('button[type=submit]');
    await page.waitForURL(`${demo.origin}/main`);
    expect(page.frames().length).toBeGreaterThan(3);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('an open live connection ends with the session', async () => {
    const { context, page } = await visitor(browser);
    await enter(page, demo, codes, 'physician', '/welcome');
    await page.getByText('The message line is closed.').waitFor({ timeout: 15_000 });
    await eventually(() => ended('physician', 'session-ended'), 'the record of the end');
    await context.close();
  });

  test('signing out ends the session here and at the provider, and the back button shows no chart', async () => {
    const { context, page, complaints } = await visitor(browser);
    await enter(page, demo, codes, 'records', '/welcome');
    await page.goto(`${demo.origin}/chart?set_pid=7`);
    const name = (await page.textContent('.patient b')) ?? '';
    await page.goto(`${demo.origin}/documents`);
    await page.locator('.patient b').waitFor();
    await page.goto(`${demo.origin}/.wardgate/sign-out`);
    const provider = page.waitForRequest((request) => request.url().startsWith(`${demo.provider.issuer}/session/end`));
    await page.click('button[type=submit]');
    expect((await provider).url()).toContain('id_token_hint=');
    await page.waitForURL(`${demo.origin}/.wardgate/signed-out**`);
    expect(ended('records', 'sign-out')).toMatchObject({ reason: 'signed-out' });

    const seen = demo.ehr.requests().length;
    for (let back = 0; back < 6; back += 1) {
      await goBack(page);
      expect(await page.content(), page.url()).not.toContain(name);
    }
    expect(demo.ehr.requests()).toHaveLength(seen);
    // Nor is there a way back by the provider: it asks who it is.
    await page.goto(`${demo.origin}/chart?pid=7`);
    await page.waitForSelector('button[value=records]');
    expect(complaints).toEqual([]);
    await context.close();
  });

  async function goBack(page: Page): Promise<void> {
    await page.goBack({ waitUntil: 'load' }).catch(() => null);
  }
});
