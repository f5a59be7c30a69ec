// A page of the EHR that said `Cross-Origin-Opener-Policy: same-origin`, as our own pages do, opened the page of the questions in a
// window and kept it in its hand: a script of it read the patient's name there and could have answered in the person's place.
// Without that word the browser lets go of the window by itself.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { launch, visitor } from '../support/browser.ts';
import { codeAt } from '../support/clinic-story.ts';
import { pageEhr } from '../support/page-ehr.ts';
import type { PageEhr } from '../support/page-ehr.ts';
import { requirement } from '../support/requirements.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const chromium = requirement('chromium');
const policy = 'cross-origin-opener-policy';

chromium.describe('a page of ours that the EHR opens', () => {
  let ehr: PageEhr;
  let browser: Browser;
  const clock = new ShiftingClock();

  beforeAll(async () => {
    browser = await launch(chromium.path ?? '');
    ehr = await pageEhr({ clock });
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await ehr.close();
  });

  test('is out of its reach, whatever the EHR says of its own', async () => {
    const said: Record<string, string>[] = [
      {},
      { [policy]: 'same-origin' },
      { [policy]: 'same-origin; report-to="a"' },
      { [policy]: 'same-origin', 'cross-origin-embedder-policy': 'require-corp' },
      { [policy]: 'same-origin', 'cross-origin-embedder-policy': 'credentialless' },
      { [policy]: 'same-origin-allow-popups' },
      { [policy]: 'unsafe-none' },
    ];
    said.forEach((headers, at) =>
      ehr.pages.set(`/bad${at}`, {
        body: `<!doctype html><title>Bad</title><button onclick="held = window.open('/.wardgate/question')">Open</button>
          <script>function grasp() { try { return held.document.title } catch (cause) { return cause.name } }</script>`,
        headers,
      }),
    );
    const { context, page } = await visitor(browser);
    await page.goto(`${ehr.demo.origin}/.wardgate/sign-in?login_hint=nurse&return=${encodeURIComponent('/bad0')}`);
    await page.fill('input[name=code]', codeAt(ehr.demo, 'nurse', clock));
    await Promise.all([page.waitForURL(`${ehr.demo.origin}/bad0`), page.click('button[type=submit]')]);
    for (const at of said.keys()) {
      await page.goto(`${ehr.demo.origin}/bad${at}`);
      const [ours] = await Promise.all([context.waitForEvent('page'), page.click('button')]);
      await ours.getByRole('heading', { name: 'Questions to you' }).waitFor();
      expect([await page.evaluate('[held.closed, grasp()]'), await ours.evaluate('opener')]).toEqual([
        [true, 'SecurityError'],
        null,
      ]);
      await ours.close();
    }
    await context.close();
  });
});
