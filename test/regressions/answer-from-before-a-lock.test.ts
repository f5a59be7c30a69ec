// A page that had just opened was still waiting to hear how its session stands when the session was locked. A request of the
// page was refused and covered it; then the answer came, which said "open" as of before the lock, and took the cover away for
// as long as that answer promised. Now what was asked before a refusal is not believed, and is asked again.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { coveredPage, coversIn } from '../support/covered-page.ts';
import type { CoveredPage } from '../support/covered-page.ts';
import { requirement } from '../support/requirements.ts';

const chromium = requirement('chromium');

chromium.describe('an answer from before a lock', () => {
  let desk: CoveredPage;
  beforeAll(async () => {
    desk = await coveredPage(chromium.path ?? '');
  });
  afterAll(async () => desk.close());

  test('does not take the cover away', async () => {
    const { page } = desk;
    const answered: string[] = [];
    let letGo: () => void = () => undefined;
    const covered = new Promise<void>((resolve) => (letGo = resolve));
    let isFirst = true;
    await page.route('**/.wardgate/activity', async (route) => {
      const holds = isFirst;
      isFirst = false;
      const response = await route.fetch();
      answered.push(`${response.status()}${holds ? ' held' : ''}`);
      if (holds) await covered;
      await route.fulfill({ response });
    });
    await desk.open('/chart', '<!doctype html><title>Chart</title><p>Of Bea');
    await expect.poll(() => answered).toEqual(['200 held']);
    await desk.lock();
    await expect.poll(() => page.evaluate(coversIn)).toBe(1);
    letGo();
    await expect.poll(() => answered).toEqual(['200 held', '423']);
    expect(await page.evaluate(coversIn)).toBe(1);
  });
});
