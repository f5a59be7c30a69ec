// The pages of certified reviews in a real browser: an emergency access is looked at, and a month is signed, with the keyboard
// alone; axe-core finds nothing against WCAG 2.2 A and AA on any of them, light and dark, wide and narrow.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import type { Demo } from '../../src/cli/start-demo.ts';
import { barriersOn } from '../support/accessibility.ts';
import { launch } from '../support/browser.ts';
import { enterAt, tabTo } from '../support/by-keyboard.ts';
import type { Visitor } from '../support/browser.ts';
import { arrive, codeAt, recordsOf, roleLines, script } from '../support/clinic-story.ts';
import { story } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const chromium = requirement('chromium');
const clock = new ShiftingClock();
const where = '/.wardgate/console/review/certified';
const rules = `${roleLines}
rules:
  - { name: screens, paths: [/, /main, '/static/**'], allow: everyone }
  - { name: charts, area: ehr.chart, allow: [physician, nurse], emergency: front-desk }
  - { name: review, area: wardgate.review, allow: privacy }
  - { name: console, area: wardgate.console, allow: privacy }
`;
let demo: Demo;
let browser: Browser;
let officer: Visitor;

/** A look at what is to be reviewed, until there is one of that kind. */
async function prepared(kind: string): Promise<string> {
  let id = '';
  const look = async (): Promise<string> => {
    clock.forward({ minutes: 2 });
    await demo.gateway.composed.sweep();
    id = (await demo.gateway.composed.state.reviews.list(10)).find((one) => one.kind === kind)?.id ?? '';
    return id;
  };
  await expect.poll(look, { timeout: 20_000 }).not.toBe('');
  return id;
}

chromium.describe('pages of certified reviews', () => {
  beforeAll(async () => {
    browser = await launch(chromium.path ?? '');
    demo = await story({ rules, clock, alerts: 'detectors: { after-hours: off }\nreview: { deputy: dora, sample: 5 }\n' });
    const nurse = await arrive(demo, 'nurse', clock);
    for (let pid = 1; pid <= 5; pid += 1) await script(nurse, `${demo.origin}/chart?pid=${pid}`);
    const desk = await arrive(demo, 'front-desk', clock);
    await desk.form(`${demo.origin}/.wardgate/emergency?return=%2Fmain`, { reason: 'Collapsed in the hall' });
    await script(desk, `${demo.origin}/chart?pid=7`);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await demo.close();
  });

  test('an emergency access is looked at with the keyboard alone', { timeout: 120_000 }, async () => {
    const id = await prepared('emergency');
    officer = await enterAt({ browser, demo, clock }, 'security', where);
    const { page } = officer;
    expect(await barriersOn(page, 'reviews')).toEqual([]);
    await tabTo(page, `a[href="${where}/${id}"]`);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'What was done under it' }).waitFor();
    expect(await barriersOn(page, 'review-emergency')).toEqual([]);
    await tabTo(page, 'input[name=item]');
    await page.keyboard.press('Space');
    await tabTo(page, '#disposition');
    await page.keyboard.press('f');
    await tabTo(page, 'form button');
    await page.keyboard.press('Enter');
    await page.getByText('That is on record.').waitFor();
    expect(recordsOf(demo, 'review-disposed')).toHaveLength(1);
  });

  test(
    'a month is looked at, signed and certified with the keyboard alone, and a refused form keeps its ticks',
    { timeout: 120_000 },
    async () => {
      await officer.context.close();
      clock.forward({ hours: 24 * 31 });
      await arrive(demo, 'nurse', clock);
      const id = await prepared('monthly');
      officer = await enterAt({ browser, demo, clock }, 'security', `${where}/${id}`);
      const { page } = officer;
      expect(await barriersOn(page, 'review-monthly')).toEqual([]);
      const boxes = page.locator('input[name=item]');
      for (let item = 1; item <= (await boxes.count()); item += 1) {
        await tabTo(page, `input[name=item][value="${item}"]`);
        await page.keyboard.press('Space');
      }
      await tabTo(page, '#several');
      await page.keyboard.press('Space');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').getByText('Choose what you found').waitFor();
      expect(await barriersOn(page, 'review-refused')).toEqual([]);
      // What is wrong has the focus and leads to its field; every tick stands, so that this field alone is left.
      await page.reload();
      await tabTo(page, '#told a');
      await page.keyboard.press('Enter');
      await expect.poll(() => page.evaluate('document.activeElement?.id')).toBe('disposition');
      await page.keyboard.press('f');
      await tabTo(page, 'form button');
      await page.keyboard.press('Enter');
      await page.getByText('That is on record.').waitFor();
      await tabTo(page, `a[href="${where}/${id}/sign"]`);
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: 'Confirm' }).waitFor();
      expect(await barriersOn(page, 'review-confirm')).toEqual([]);
      await tabTo(page, 'a.button[href^="/.wardgate/step-up"]');
      await page.keyboard.press('Enter');
      await page.locator('input[name=code]').waitFor();
      clock.forward({ minutes: 1 });
      // The field has the focus already.
      await page.keyboard.type(codeAt(demo, 'security', clock));
      await page.keyboard.press('Enter');
      await page.getByText('By signing I state').waitFor();
      expect(await barriersOn(page, 'review-sign')).toEqual([]);
      await tabTo(page, 'form button');
      await page.keyboard.press('Enter');
      await page.getByText('The review is signed').waitFor();
      await tabTo(page, `a[href="${where}/${id}/certificate"]`);
      await page.keyboard.press('Enter');
      await page.getByText('Certificate (SHA-256)').waitFor();
      expect(await barriersOn(page, 'review-certificate')).toEqual([]);
      expect(recordsOf(demo, 'review-signed')).toHaveLength(1);
    },
  );
});
