// People sign in with a real browser: by a click or a hint, with a code, with a recovery code, without JavaScript, with the
// keyboard alone, in two tabs at once, on somebody else's computer. Our own pages say nothing to the console meanwhile.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { Demo } from '../../src/cli/start-demo.ts';
import { Codes, enter, launch, visitor } from '../support/browser.ts';
import { eventually, records, story } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';

const chromium = requirement('chromium');

chromium.describe('signing in with a browser', () => {
  let demo: Demo;
  let browser: Browser;
  let codes: Codes;

  beforeAll(async () => {
    demo = await story();
    codes = new Codes(demo);
    browser = await launch(chromium.path ?? '');
  });
  afterAll(async () => {
    await browser.close();
    await demo.close();
  });

  /** Types the code and goes on. */
  async function confirm(page: Page, code: string): Promise<void> {
    await page.fill('input[name=code]', code);
    await Promise.all([page.waitForEvent('framenavigated'), page.click('button[type=submit]')]);
    await page.waitForLoadState();
  }

  const everybody = ['physician', 'nurse', 'front-desk', 'billing', 'records', 'security', 'it'];

  test.each(everybody)('%s chooses who they are, types the code and sees the EHR under their name', async (name) => {
    const { context, page, complaints } = await visitor(browser);
    await page.goto(`${demo.origin}/main`);
    expect(new URL(page.url()).origin).toBe(new URL(demo.provider.issuer).origin);
    await page.click(`button[value=${name}]`);
    await page.waitForURL(`${demo.origin}/.wardgate/second-factor**`);
    await confirm(page, await codes.next(name));
    expect(page.url()).toBe(`${demo.origin}/main`);
    const who = demo.personas.find((persona) => persona.name === name)?.displayName ?? '?';
    await page.frameLocator('frame[name=top]').locator('.who').getByText(who).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('somebody whose sign-in names them needs no click, and comes back to the page they asked for', async () => {
    const { context, page } = await visitor(browser);
    await enter(page, demo, codes, 'nurse', '/finder?q=Test');
    expect(await page.inputValue('#q')).toBe('Test');
    await context.close();
  });

  test('without JavaScript everything up to the EHR works, enrolment, recovery codes and sign-out included', async () => {
    const { context, page } = await visitor(browser, { javaScriptEnabled: false });
    await page.goto(`${demo.origin}/.wardgate/sign-in?login_hint=newcomer&return=%2Fwelcome`);
    expect(page.url()).toContain('/.wardgate/enrol');
    expect(await page.locator('.qr svg').boundingBox()).toMatchObject({ width: expect.closeTo(224, -2) as number });
    await page.click('summary');
    const secret = ((await page.textContent('.secret')) ?? '').replaceAll(/\s/g, '');
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    await confirm(page, '000000');
    expect(await page.textContent('[role=alert]')).toContain('not right');
    await confirm(page, await codes.of(secret));
    const recovery = await page.locator('.codes li').allTextContents();
    expect(recovery).toHaveLength(10);
    expect(await page.locator('button[data-print]').isHidden()).toBe(true);
    await page.click('text=I have kept them');
    await page.waitForURL(`${demo.origin}/welcome`);
    await page.goto(`${demo.origin}/.wardgate/sign-out`);
    await page.click('button[type=submit]');
    // The demo's provider ends its session by script; without it there is a button.
    await page.waitForURL(`${demo.provider.issuer}/**`);
    await page.click('button');
    await page.waitForURL(`${demo.origin}/.wardgate/signed-out**`);

    await page.goto(`${demo.origin}/.wardgate/sign-in?login_hint=newcomer&return=%2Fwelcome`);
    await page.click('summary');
    await confirm(page, recovery[3] ?? '');
    expect(page.url()).toBe(`${demo.origin}/welcome`);
    await page.goto(`${demo.origin}/.wardgate/me`);
    expect(await page.textContent('dl')).toMatch(/Recovery codes left\s*9/);
    await context.close();

    const second = await visitor(browser, { javaScriptEnabled: false });
    await second.page.goto(`${demo.origin}/.wardgate/sign-in?login_hint=newcomer`);
    await confirm(second.page, recovery[3] ?? '');
    expect(await second.page.textContent('[role=alert]')).toContain('used already');
    await second.context.close();
  });

  test('the recovery codes can be printed, and the print holds the codes', async () => {
    const fresh = await story();
    const { context, page, complaints } = await visitor(browser);
    await page.goto(`${fresh.origin}/.wardgate/sign-in?login_hint=newcomer`);
    await page.click('summary');
    const secret = ((await page.textContent('.secret')) ?? '').replaceAll(/\s/g, '');
    await confirm(page, await new Codes(fresh).of(secret));
    await page.evaluate('window.print = () => { window.printed = true; }');
    await page.click('button[data-print]');
    expect(await page.evaluate('window.printed')).toBe(true);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.codes').isVisible()).toBe(true);
    expect(await page.locator('.button').isHidden()).toBe(true);
    expect(complaints).toEqual([]);
    await context.close();
    await fresh.close();
  });

  test('the keyboard alone is enough for the code page, and the focus can be seen', async () => {
    const { context, page } = await visitor(browser);
    await page.goto(`${demo.origin}/.wardgate/sign-in?login_hint=physician&return=%2Fwelcome`);
    const focused = (): Promise<unknown> =>
      page.evaluate('document.activeElement.name || document.activeElement.textContent.trim()');
    expect(await focused()).toBe('code');
    const seen: unknown[] = [];
    for (let tab = 0; tab < 4; tab += 1) {
      expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
      seen.push(await focused());
      await page.keyboard.press('Tab');
    }
    expect(seen).toEqual(['code', 'Go on', 'I do not have my phone', 'Not you? Sign in as somebody else']);
    await page.focus('input[name=code]');
    await page.keyboard.type(await codes.next('physician'));
    await page.keyboard.press('Enter');
    await page.waitForURL(`${demo.origin}/welcome`);
    await context.close();
  });

  test('two tabs sign in at once; both arrive where they were going', async () => {
    const { context, page: one } = await visitor(browser);
    const two = await context.newPage();
    await one.goto(`${demo.origin}/.wardgate/sign-in?login_hint=billing&return=%2Fbilling%2Fclaims`);
    await two.goto(`${demo.origin}/.wardgate/sign-in?login_hint=billing&return=%2Fwelcome`);
    await confirm(two, await codes.next('billing'));
    expect(two.url()).toBe(`${demo.origin}/welcome`);
    // The first tab's page is still there; whatever is typed into it, the session is found.
    await confirm(one, '000000');
    expect(one.url()).toBe(`${demo.origin}/billing/claims`);
    await context.close();
  });

  test('a tab that the browser restores at the answer of yesterday goes on instead of failing', async () => {
    const { context, page } = await visitor(browser);
    await enter(page, demo, codes, 'records', '/welcome');
    await page.goto(`${demo.origin}/.wardgate/callback?code=old&state=old`);
    expect(page.url()).toBe(`${demo.origin}/main`);
    await context.close();
  });

  test('whoever finds the provider remembering somebody else leaves from the code page, and that is recorded', async () => {
    const { context, page, complaints } = await visitor(browser);
    await page.goto(`${demo.origin}/.wardgate/sign-in?login_hint=security`);
    await page.click('text=Not you?');
    await page.click('button[type=submit]');
    await page.waitForURL(`${demo.origin}/.wardgate/signed-out**`);
    await page.click('text=Sign in again');
    // Asked anew: the provider has forgotten the person before.
    await page.waitForSelector('button[value=nurse]');
    await page.goto(`${demo.origin}/.wardgate/second-factor`);
    await page.waitForSelector('button[value=nurse]');
    const left = records(demo).find((one) => one['event'] === 'sign-out' && one['detail'] === 'on the way in');
    expect(left).toMatchObject({ subject: { name: 'security' } });
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('five wrong codes block, also for the right code, and the page says for how long', async () => {
    const { context, page } = await visitor(browser);
    await page.goto(`${demo.origin}/.wardgate/sign-in?login_hint=it`);
    for (let wrong = 0; wrong < 5; wrong += 1) await confirm(page, '000000');
    expect(await page.textContent('[role=alert]')).toContain('Try again in 15 minutes');
    await confirm(page, await codes.next('it'));
    expect(await page.textContent('[role=alert]')).toContain('Too many wrong codes');
    await eventually(() => records(demo).some((one) => one['event'] === 'second-factor-blocked'), 'the record of the block');
    await context.close();
  });

  test('somebody without a role is told so, with the claim that was read and whom to ask', async () => {
    const { context, page, complaints } = await visitor(browser);
    await page.goto(`${demo.origin}/.wardgate/sign-in?login_hint=visitor`);
    expect(await page.textContent('h1')).toBe('Your account has no role here');
    const text = (await page.textContent('main')) ?? '';
    for (const told of ['The claim "groups" held "Volunteers"', '"visitor"', 'ext. 4357', 'no-role'])
      expect(text).toContain(told);
    await page.click('main a:has-text("Sign out")');
    const asked: string[] = [];
    page.on('request', (request) => void asked.push(request.url()));
    await page.click('button:has-text("Sign out")');
    // By way of the provider, which asks nobody here and leads back.
    await page.waitForURL(`${demo.origin}/.wardgate/signed-out`);
    expect(asked.some((url) => url.startsWith(`${demo.provider.issuer}/`))).toBe(true);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
