// A note in a real browser: typed while the session locked and ended, kept, shown after the sign-in, and sent once by the
// button; another person at the same browser sees nothing of it.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { codeAt, roleLines } from '../support/clinic-story.ts';
import { launch, visitor } from '../support/browser.ts';
import { story } from '../support/demo-story.ts';
import type { Demo } from '../../src/cli/start-demo.ts';
import { requirement } from '../support/requirements.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const chromium = requirement('chromium');
const rules = `${roleLines}
rules:
  - { name: notes, paths: [/chart/notes], methods: [GET, POST], allow: [nurse, physician] }
  - { name: rest, paths: [/main, /welcome, /messages, /static/**], allow: everyone }
`;
const words = 'Wound dry and clean\nsecond line <b>kept</b>';

chromium.describe('a note that came too late', () => {
  let demo: Demo;
  let browser: Browser;
  const clock = new ShiftingClock();

  beforeAll(async () => {
    demo = await story({ rules, clock, rewriteGateway: (yaml) => yaml.replace(/^    upstream:/m, '    pageScript: off\n$&') });
    browser = await launch(chromium.path ?? '');
  });
  afterAll(async () => {
    await browser.close();
    await demo.close();
  });

  async function signIn(page: Page, name: string, path: string): Promise<void> {
    await page.goto(`${demo.origin}/.wardgate/sign-in?login_hint=${name}&return=${encodeURIComponent(path)}`);
    await page.fill('input[name=code]', codeAt(demo, name, clock));
    await Promise.all([page.waitForURL(demo.origin + path), page.click('button[type=submit]')]);
  }

  test('is shown to its person alone and sent by their click, once', async () => {
    const { context, page } = await visitor(browser);
    await signIn(page, 'nurse', '/main');
    await page.goto(`${demo.origin}/chart/notes?pid=7`);
    await page.fill('textarea', words);
    clock.forward({ minutes: 46 });
    await page.click('form:has(textarea) button');
    await page.waitForURL((url) => url.origin !== demo.origin || url.pathname.startsWith('/.wardgate/'));
    await signIn(page, 'physician', '/.wardgate/held');
    expect(await page.textContent('main')).toContain('Nothing is kept for you');
    await signIn(page, 'nurse', '/main');
    await page.goto(`${demo.origin}/.wardgate/held`);
    expect(await page.inputValue('textarea')).toBe(words);
    const pictures = process.env['WARDGATE_PICTURES'];
    if (pictures !== undefined) {
      for (const colorScheme of ['light', 'dark'] as const)
        for (const width of [320, 1200]) {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize({ width, height: 800 });
          await page.screenshot({ path: `${pictures}/held-${colorScheme}-${width}.png`, fullPage: true });
        }
    }
    await Promise.all([
      page.waitForURL(`${demo.origin}/chart/notes?pid=7`),
      page.getByRole('button', { name: 'Send it now' }).click(),
    ]);
    expect((await page.textContent('body'))?.split('second line').length).toBe(2);
    await page.goto(`${demo.origin}/.wardgate/held`);
    expect(await page.getByRole('button', { name: 'Send it now' }).count()).toBe(0);
    expect(await page.textContent('main')).toContain('It was sent');
    await context.close();
  });
});
