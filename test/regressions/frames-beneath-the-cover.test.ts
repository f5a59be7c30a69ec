// Every frame heard the other tabs and covered itself beneath the cover of the whole page: the keys of the code went to the one
// that took the focus last, and each frame's title said "Locked". And a frame that loads itself by a timer was led to the page
// that unlocks when it did so within seconds after a key on the cover, because browsers then say that a person began it: what
// was typed in it was gone. Now the top window alone shows, and nothing beneath it goes anywhere.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { coveredPage, coversIn } from '../support/covered-page.ts';
import type { CoveredPage } from '../support/covered-page.ts';
import { requirement } from '../support/requirements.ts';

const chromium = requirement('chromium');

chromium.describe('frames beneath the cover', () => {
  let desk: CoveredPage;
  beforeAll(async () => {
    desk = await coveredPage(chromium.path ?? '');
  });
  afterAll(async () => desk.close());

  test('show nothing themselves, and stay where they are right after a key', async () => {
    const { ehr, page } = desk;
    const timer = `<script>window.tries = 0; setInterval(function () { if (!window.goes) return; tries += 1; left.location.reload() }, 300)</script>`;
    ehr.pages.set('/left', { body: '<!doctype html><title>Left</title>' });
    ehr.pages.set('/right', { body: '<!doctype html><title>Right</title><textarea></textarea>' });
    await desk.open(
      '/frames',
      `<!doctype html><html><head><title>Frames</title>${timer}</head>
      <frameset cols="50%,*"><frame src="/left" name="left"><frame src="/right" name="right"></frameset></html>`,
    );
    await page.frame({ name: 'right' })?.locator('textarea').click();
    await page.keyboard.type('Half a note');
    await desk.lock();
    await expect.poll(() => page.evaluate(coversIn), { timeout: 15_000 }).toBe(1);
    await page.evaluate('goes = true');
    const before = Number(await page.evaluate('tries'));
    for (let keys = 0; keys < 3; keys += 1) await page.keyboard.press('1');
    await expect.poll(() => page.evaluate('tries'), { timeout: 15_000 }).toBeGreaterThan(before + 2);
    const frames = page.frames().filter((one) => one !== page.mainFrame());
    expect(await Promise.all(frames.map((one) => one.evaluate(coversIn)))).toEqual([0, 0]);
    expect(frames.map((one) => new URL(one.url()).pathname)).toEqual(['/left', '/right']);
    expect(await page.frame({ name: 'right' })?.locator('textarea').inputValue()).toBe('Half a note');
  });
});
