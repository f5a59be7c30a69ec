// A page of an EHR of a test's own in Chromium, with somebody signed in, and time that locks their session.

import type { Browser, BrowserContext, Page } from 'playwright-core';
import { codeAt } from './clinic-story.ts';
import { launch, visitor } from './browser.ts';
import { pageEhr } from './page-ehr.ts';
import type { PageEhr } from './page-ehr.ts';
import { ShiftingClock } from './shifting-clock.ts';

export interface CoveredPage {
  readonly ehr: PageEhr;
  readonly clock: ShiftingClock;
  readonly context: BrowserContext;
  readonly page: Page;
  /** Opens a page with this body. */
  open(path: string, body: string): Promise<void>;
  /** Lets the time pass, and the page hear of it by a request of its own. */
  lock(): Promise<void>;
  close(): Promise<void>;
}

export const coversIn = 'document.querySelectorAll("wardgate-cover").length';

/** `chromium` is the program. */
export async function coveredPage(chromium: string): Promise<CoveredPage> {
  const clock = new ShiftingClock();
  const ehr = await pageEhr({ clock });
  const browser: Browser = await launch(chromium);
  const { context, page } = await visitor(browser);
  ehr.pages.set('/start', { body: '<!doctype html><title>Start</title><p>Start' });
  await page.goto(`${ehr.demo.origin}/.wardgate/sign-in?login_hint=nurse&return=%2Fstart`);
  await page.fill('input[name=code]', codeAt(ehr.demo, 'nurse', clock));
  await Promise.all([page.waitForURL(`${ehr.demo.origin}/start`), page.click('button[type=submit]')]);
  return {
    ehr,
    clock,
    context,
    page,
    open: async (path, body) => {
      ehr.pages.set(path, { body });
      await page.goto(ehr.demo.origin + path);
    },
    lock: async () => {
      clock.forward({ minutes: 16 });
      await page.evaluate('void fetch("/beat").catch(() => 0)');
    },
    close: async () => {
      await browser.close();
      await ehr.close();
    },
  };
}
