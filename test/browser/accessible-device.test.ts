// The page of a device and the box that spares a code have no barrier, in any language, light and dark, wide and narrow.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import type { Demo } from '../../src/cli/start-demo.ts';
import { languages } from '../../src/core/language/language.ts';
import { wordsIn } from '../../src/pages/words-in.ts';
import { barriersOn } from '../support/accessibility.ts';
import { launch, visitor } from '../support/browser.ts';
import { codeAt } from '../support/clinic-story.ts';
import { story } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const chromium = requirement('chromium');

chromium.describe('the pages around a device', () => {
  let demo: Demo;
  let browser: Browser;
  const clock = new ShiftingClock();

  beforeAll(async () => {
    browser = await launch(chromium.path ?? '');
    demo = await story({
      clock,
      rewriteGateway: (yaml) => yaml.replace('secondFactor: {', 'secondFactor: { remember: { from: clinic },'),
    });
  });
  afterAll(async () => {
    await browser.close();
    await demo.close();
  });

  test.each(languages.map((language) => [language]))('%s', async (language) => {
    clock.forward({ minutes: 2 });
    const words = wordsIn(language);
    const { context, page } = await visitor(browser, { locale: language });
    const barriers = (name: string): Promise<string[]> => barriersOn(page, `${name}-${language}`);
    await page.goto(`${demo.origin}/.wardgate/sign-in?login_hint=billing&return=%2F.wardgate%2Fdevice`);
    await page.fill('input[name=code]', codeAt(demo, 'billing', clock));
    await Promise.all([page.waitForURL('**/.wardgate/device'), page.click('button[type=submit]')]);
    expect(await barriers('device-unknown')).toEqual([]);
    await page.fill('#name-own', `Laptop ${language}`);
    await page.getByRole('button', { name: words.device.ownButton }).click();
    for (const [pin, says] of [
      ['123456', words.device.problems['pin-weak']],
      ['582917', words.device.pinSet],
    ] as const) {
      await page.fill('#pin', pin);
      await page.fill('#again', pin);
      await page.locator('form:has(#pin) button').click();
      await page.getByText(says).waitFor();
      expect(await barriers(`device-${pin}`)).toEqual([]);
    }
    clock.forward({ minutes: 16 });
    await page.goto(`${demo.origin}/.wardgate/unlock?return=%2Fwelcome`);
    await page.locator('#pin').waitFor();
    expect(await barriers('unlock-by-pin')).toEqual([]);
    await page.goto(`${demo.origin}/.wardgate/sign-in?login_hint=billing&return=%2Fwelcome`);
    await page.locator('input[name=remember]').waitFor();
    expect(await barriers('remember')).toEqual([]);
    await context.close();
  });
});
