// A page named a policy in a meta element by which its scripts may ask no server. Ours stood before it, asked once, covered the
// page when its session locked, and could neither send the code nor hear that the session was unlocked elsewhere: the cover
// stayed for good, and the note beneath it. Such a page is left as it is, like one whose policy stands in the headers; where
// the element stands too far down to be seen, the script gives way.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { coveredPage, coversIn } from '../support/covered-page.ts';
import type { CoveredPage } from '../support/covered-page.ts';
import { requirement } from '../support/requirements.ts';

const chromium = requirement('chromium');
const policy = `<meta http-equiv="Content-Security-Policy" content="connect-src 'none'">`;

chromium.describe('a page whose meta element forbids to ask', () => {
  let desk: CoveredPage;
  beforeAll(async () => {
    desk = await coveredPage(chromium.path ?? '');
  });
  afterAll(async () => desk.close());

  test('at its beginning gets no script', async () => {
    await desk.open('/near', `<!doctype html><title>Near</title>${policy}<p>Chart`);
    expect(await desk.page.content()).not.toContain('/.wardgate/');
  });

  test('further down is not covered for good', async () => {
    const { page } = desk;
    await desk.open(
      '/far',
      `<!doctype html><title>Far</title><!-- ${'x'.repeat(5000)} -->${policy}<p>Chart<textarea></textarea>`,
    );
    expect(await page.content()).toContain('/.wardgate/');
    await page.locator('textarea').pressSequentially('Half');
    desk.clock.forward({ minutes: 16 });
    // The page is shown again: it asks how the session stands, and is kept from it.
    await page.evaluate('document.dispatchEvent(new Event("visibilitychange"))');
    await page.locator('textarea').pressSequentially(' a note');
    expect([await page.evaluate(coversIn), await page.inputValue('textarea')]).toEqual([0, 'Half a note']);
  });
});
