// Every page of ours, held to what anybody must be able to use: a language, a title, one heading, a label for every field,
// enough contrast in light and in dark, nothing cut off on a telephone, and a policy that the page itself never breaks.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Demo } from '../../src/cli/start-demo.ts';
import { Codes, enter, launch, visitor } from '../support/browser.ts';
import type { Visitor } from '../support/browser.ts';
import { story } from '../support/demo-story.ts';
import { faultsOf } from '../support/page-faults.ts';
import { requirement } from '../support/requirements.ts';

const chromium = requirement('chromium');

/** How to come to each page, by whom; the person is signed in and stands on the EHR's welcome page. */
const sessionPages: readonly (readonly [string, string, string])[] = [
  ['me', 'nurse', '/.wardgate/me'],
  ['sign-out', 'nurse', '/.wardgate/sign-out'],
  ['signed-out', 'nurse', '/.wardgate/signed-out'],
  ['step-up', 'nurse', '/.wardgate/step-up'],
  ['more downloads', 'nurse', '/.wardgate/more-downloads'],
  ['emergency', 'front-desk', '/chart?pid=7'],
  ['a role refused', 'nurse', '/reports/patients'],
  ['no rule', 'nurse', '/not/in/any/rule/with/a/rather/long/path/that/has/no/place/to/break/anywhere-but-in-the-middle-of-words'],
  ['denied always', 'nurse', '/setup/install'],
  ['patient ambiguous', 'nurse', '/chart?pid=1&pid=2'],
  ['malformed', 'nurse', '/a/..%2fb'],
  ['not found', 'nurse', '/.wardgate/nothing'],
  ['no emergency for this role', 'nurse', '/.wardgate/emergency'],
  ['an EHR that breaks off', 'nurse', '/fault/reset'],
];

chromium.describe('the pages of ours', () => {
  let demo: Demo;
  let browser: Browser;
  let codes: Codes;
  const people = new Map<string, Promise<Visitor>>();

  beforeAll(async () => {
    demo = await story();
    codes = new Codes(demo);
    browser = await launch(chromium.path ?? '');
  });
  afterAll(async () => {
    await browser.close();
    await demo.close();
  });

  async function tabOf(name: string): Promise<{ context: BrowserContext; page: Page; complaints: string[] }> {
    const person = people.get(name) ?? arrive(name);
    people.set(name, person);
    const { context, complaints } = await person;
    return { context, complaints, page: await context.newPage() };
  }

  async function arrive(name: string): Promise<Visitor> {
    const person = await visitor(browser);
    await enter(person.page, demo, codes, name, '/welcome');
    return person;
  }

  test.each(sessionPages)('%s, as %s at %s', async (_title, name, path) => {
    const { page, complaints } = await tabOf(name);
    await page.goto(`${demo.origin}${path}`);
    expect(await faultsOf(page)).toEqual({});
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('the code page, a wrong code, enrolment, recovery codes', async () => {
    const { context, page, complaints } = await visitor(browser);
    await page.goto(`${demo.origin}/.wardgate/sign-in?login_hint=physician`);
    expect(await faultsOf(page)).toEqual({});
    await page.click('summary');
    await page.fill('input[name=code]', 'nonsense');
    await page.click('button[type=submit]');
    await page.waitForSelector('[role=alert]');
    expect(await faultsOf(page)).toEqual({});
    await page.goto(`${demo.origin}/.wardgate/sign-in?login_hint=newcomer`);
    await page.click('summary');
    expect(await faultsOf(page)).toEqual({});
    const secret = ((await page.textContent('.secret')) ?? '').replaceAll(/\s/g, '');
    expect(await page.getAttribute('a[href^="otpauth:"]', 'href')).toContain(`secret=${secret}`);
    await page.fill('input[name=code]', await codes.of(secret));
    await page.click('button[type=submit]');
    await page.waitForSelector('.codes');
    expect(await faultsOf(page)).toEqual({});
    // A code broken over two lines is typed wrong; on a common telephone each stands on one.
    await page.setViewportSize({ width: 390, height: 844 });
    const heights = await page
      .locator('.codes li')
      .evaluateAll((items) => items.map((item) => item.getClientRects().length + item.getBoundingClientRect().height));
    expect(Math.max(...heights)).toBeLessThan(40);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a sign-in that is too old, a used-up budget, a frame that must be left', async () => {
    const { context, page, complaints } = await visitor(browser, { javaScriptEnabled: true });
    await page.goto(`${demo.origin}/.wardgate/callback?code=x&state=y`);
    await page.goto(`${demo.origin}/.wardgate/callback?code=x&state=y`);
    expect(await page.textContent('h1')).toBe('Signing in did not succeed');
    expect(await faultsOf(page)).toEqual({});
    expect(complaints).toEqual([]);
    await context.close();
    const plain = await visitor(browser, { javaScriptEnabled: false });
    await plain.page.goto(`${demo.origin}/.wardgate/leave-frame?to=%2Fchart`);
    expect(await plain.page.getAttribute('a.button', 'href')).toBe('/.wardgate/sign-in?return=%2Fchart');
    expect(await faultsOf(plain.page)).toEqual({});
    await plain.page.goto(`${demo.origin}/.wardgate/leave-frame?to=${encodeURIComponent('/.wardgate/step-up?return=/')}`);
    expect(await plain.page.getAttribute('a.button', 'href')).toMatch(/^\/\.wardgate\/step-up/);
    await plain.context.close();
  });

  test('the page for one’s own EHR password, empty and refused', async () => {
    const own = await story({ applicationLines: ['preset: legacy-demo', 'signOn: own-password'], ehr: { signOn: 'form' } });
    const { context, page, complaints } = await visitor(browser);
    await page.goto(`${own.origin}/.wardgate/sign-in?login_hint=nurse&return=%2Fwelcome`);
    await page.fill('input[name=code]', await new Codes(own).next('nurse'));
    await page.click('button[type=submit]');
    await page.waitForURL(`${own.origin}/.wardgate/credential**`);
    expect(await faultsOf(page)).toEqual({});
    await page.fill('#username', 'a:b');
    await page.fill('#password', 'x');
    await page.click('button[type=submit]');
    await page.waitForSelector('[role=alert]');
    expect(await faultsOf(page)).toEqual({});
    expect(await page.inputValue('#password')).toBe('');
    // One try and no other: EHRs lock people out.
    expect(own.ehr.requests().map(({ method }) => method)).toEqual(['GET', 'POST']);
    expect(complaints).toEqual([]);
    await context.close();
    await own.close();
  });
});
