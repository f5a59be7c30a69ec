// An hour without the sign-in service in a real browser: a physician comes in by the sealed code and a passkey, opens a chart and
// types a note; the service returns, the session asks for it in place, and the note is still there.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { Demo } from '../../src/cli/start-demo.ts';
import { userCommand } from '../../src/cli/user.ts';
import { barriersOn } from '../support/accessibility.ts';
import { plugIn } from '../support/authenticator.ts';
import { launch, visitor } from '../support/browser.ts';
import { recordsOf } from '../support/clinic-story.ts';
import { story } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const chromium = requirement('chromium');
const rules = `roles: { nurse: Clinic-Nurses, new: Clinic-Physicians }
rules:
  - { name: all, paths: ["/**"], methods: [GET, POST], allow: everyone, webSocket: true }
`;
const cover = 'document.querySelectorAll("wardgate-cover").length';
const useIt = 'form[data-passkey] button';

chromium.describe('an hour without the sign-in service', () => {
  let demo: Demo;
  let browser: Browser;
  const clock = new ShiftingClock();

  beforeAll(async () => {
    const emergency = 'clientId: wardgate, emergency: { people: newcomer, from: clinic },';
    demo = await story({ rules, clock, idle: '12h', rewriteGateway: (yaml) => yaml.replace('clientId: wardgate,', emergency) });
    browser = await launch(chromium.path ?? '');
  });
  afterAll(async () => {
    await browser.close();
    await demo.close();
  });

  async function looks(times: number): Promise<void> {
    for (let at = 0; at < times; at += 1) {
      await demo.gateway.composed.lookAtProvider();
      clock.forward({ seconds: 15 });
    }
  }

  async function pictures(page: Page, name: string): Promise<void> {
    const folder = process.env['WARDGATE_PICTURES'];
    if (folder === undefined) return;
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [320, 1200]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 800 });
        await page.screenshot({ path: `${folder}/${name}-${colorScheme}-${width}.png`, fullPage: true });
      }
    await page.setViewportSize({ width: 1280, height: 800 });
  }

  async function codeOf(name: string): Promise<string> {
    const lines: string[] = [];
    const keep = (line: string): void => void lines.push(line);
    await userCommand(['emergency-codes', name, '--json', '--config', `${demo.directory}/gateway.yaml`], {
      out: keep,
      err: keep,
    });
    return (JSON.parse(lines.join('')) as { codes: string[] }).codes[0] ?? '';
  }

  test('the emergency sign-in opens a chart, and the return of the service costs no note', async () => {
    const { context, page, complaints } = await visitor(browser);
    await plugIn(page);
    await page.goto(`${demo.origin}/.wardgate/sign-in?login_hint=newcomer&return=/.wardgate/me`);
    await page.fill('#passkey-name', 'Key on my badge');
    await page.click(useIt);
    await page.getByText('I have kept them').click();
    await page.waitForURL('**/.wardgate/me');
    const code = await codeOf('newcomer');
    await context.clearCookies();

    await demo.provider.pause();
    await looks(6);
    await page.goto(`${demo.origin}/chart/notes?pid=7`);
    await page.getByRole('heading', { name: 'The sign-in service does not answer' }).waitFor();
    expect(await barriersOn(page, 'provider-silent')).toEqual([]);
    await pictures(page, 'provider-silent');
    await page.getByRole('link', { name: 'Emergency sign-in' }).click();
    expect(await barriersOn(page, 'emergency-sign-in')).toEqual([]);
    await pictures(page, 'emergency-sign-in');
    await page.fill('#name', 'newcomer');
    await page.fill('#code', code);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.locator(useIt).click();
    await page.waitForURL(`${demo.origin}/chart/notes?pid=7`);
    expect(recordsOf(demo, 'emergency-sign-in').at(-1)).toMatchObject({ factor: 'passkey', subject: { sub: 'newcomer' } });
    const me = await context.newPage();
    await me.goto(`${demo.origin}/.wardgate/me`);
    await me.getByText('This is an emergency session').waitFor();
    await pictures(me, 'me-emergency');
    await me.close();
    await page.click('textarea');
    await page.keyboard.type('Typed in the outage');

    await demo.provider.resume();
    await looks(1);
    clock.forward({ minutes: 15 });
    // Whoever comes back to the tab is told at once.
    await page.evaluate('document.dispatchEvent(new Event("visibilitychange")); 0');
    await expect.poll(() => page.title(), { timeout: 20_000 }).toBe('Locked');
    expect([await page.inputValue('textarea'), await page.evaluate(cover)]).toEqual(['Typed in the outage', 1]);
    await pictures(page, 'provider-back');
    const opened = context.waitForEvent('page');
    // The way over the sign-in service is the only one, and has the focus.
    await page.keyboard.press('Enter');
    const popup = await opened;
    if (!popup.isClosed() && popup.url().includes(demo.provider.issuer)) await popup.getByText('newcomer').first().click();
    await expect.poll(() => page.evaluate(cover), { timeout: 20_000 }).toBe(0);
    expect(await page.inputValue('textarea')).toBe('Typed in the outage');
    await page.getByText('Add note').click();
    await page.getByText('Typed in the outage').waitFor();
    expect(recordsOf(demo, 'unlocked').at(-1)).toMatchObject({ subject: { sub: 'newcomer' } });
    expect(complaints).toEqual([]);
    await context.close();
  });
});
