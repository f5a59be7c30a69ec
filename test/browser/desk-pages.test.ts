// The pages around several desks, held to what every page of ours is held to: the question about a session elsewhere, and one's
// own sessions and records, in both languages.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { Demo } from '../../src/cli/start-demo.ts';
import { barriersOn } from '../support/accessibility.ts';
import { Codes, enter, launch, visitor } from '../support/browser.ts';
import { story } from '../support/demo-story.ts';
import { faultsOf } from '../support/page-faults.ts';
import { requirement } from '../support/requirements.ts';

const chromium = requirement('chromium');

chromium.describe('the pages around several desks', () => {
  let demo: Demo;
  let browser: Browser;
  let codes: Codes;

  beforeAll(async () => {
    demo = await story({ takeOver: 'ask' });
    codes = new Codes(demo);
    browser = await launch(chromium.path ?? '');
  });
  afterAll(async () => {
    await browser.close();
    await demo.close();
  });

  async function picture(page: Page, name: string): Promise<void> {
    const pictures = process.env['WARDGATE_PICTURES'];
    if (pictures === undefined) return;
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [320, 1200]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 800 });
        await page.screenshot({ path: `${pictures}/${name}-${colorScheme}-${width}.png`, fullPage: true });
      }
  }

  test('ask about the session elsewhere, take over, and show one’s own sessions', { timeout: 180_000 }, async () => {
    const first = await visitor(browser);
    await enter(first.page, demo, codes, 'nurse', '/welcome');
    const { context, page, complaints } = await visitor(browser);
    await page.goto(`${demo.origin}/.wardgate/sign-in?login_hint=nurse&return=%2Fwelcome`);
    await page.fill('input[name=code]', await codes.next('nurse'));
    await Promise.all([page.waitForURL('**/.wardgate/take-over**'), page.click('button[type=submit]')]);
    expect(await page.textContent('h1')).toBe('You are signed in elsewhere');
    expect(await faultsOf(page)).toEqual({});
    expect(await barriersOn(page, 'take-over')).toEqual([]);
    await picture(page, 'take-over');
    await page.setExtraHTTPHeaders({ 'accept-language': 'es' });
    await page.reload();
    expect(await page.textContent('h1')).toBe('Tiene una sesión en otro lugar');
    await Promise.all([
      page.waitForURL(`${demo.origin}/welcome`),
      page.getByRole('button', { name: 'Mantener las dos' }).click(),
    ]);
    await page.goto(`${demo.origin}/.wardgate/sessions`);
    expect(await page.textContent('h1')).toBe('Sus sesiones, dispositivos y accesos recientes');
    await page.setExtraHTTPHeaders({});
    await expect.poll(async () => (await page.reload(), page.locator('tbody tr').count())).toBeGreaterThan(3);
    expect(await faultsOf(page)).toEqual({});
    await picture(page, 'own-sessions');
    await page.getByRole('button', { name: /^End the session at/ }).click();
    await page.getByText('You are signed in nowhere else.').waitFor();
    await first.page.goto(`${demo.origin}/welcome`);
    expect(first.page.url()).not.toBe(`${demo.origin}/welcome`);
    expect(complaints).toEqual([]);
    await context.close();
    await first.context.close();
  });
});
