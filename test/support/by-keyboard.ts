// What stories of the console in a real browser share: somebody who signs in by the story's clock, and the way by Tab to a place.

import type { Browser, Page } from 'playwright-core';
import type { Demo } from '../../src/cli/start-demo.ts';
import { visitor } from './browser.ts';
import type { Visitor } from './browser.ts';
import { codeAt } from './clinic-story.ts';
import type { ShiftingClock } from './shifting-clock.ts';

const mostPresses = 120;

/** Signs in with a fresh browser and arrives at `lands`, which is `path` unless told. */
export async function enterAt(
  { browser, demo, clock }: { readonly browser: Browser; readonly demo: Demo; readonly clock: ShiftingClock },
  name: string,
  path: string,
  lands = path,
): Promise<Visitor> {
  // A code is accepted once.
  clock.forward({ minutes: 1 });
  const one = await visitor(browser);
  await one.page.goto(`${demo.origin}/.wardgate/sign-in?login_hint=${name}&return=${encodeURIComponent(path)}`);
  await one.page.fill('input[name=code]', codeAt(demo, name, clock));
  await Promise.all([
    one.page.waitForURL((url) => url.href.startsWith(demo.origin + lands)),
    one.page.click('button[type=submit]'),
  ]);
  return one;
}

/** Presses Tab until what the selector names has the focus. */
export async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < mostPresses; presses += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate<boolean>(`document.activeElement?.matches(${JSON.stringify(selector)}) ?? false`)) return;
  }
  throw new Error(`Tab never came to ${selector}`);
}
