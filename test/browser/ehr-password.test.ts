// A person's own EHR password and what the EHR says to it, in a real browser: every page fit for use in light and dark, wide
// and on a telephone; nothing typed comes back; frames are left where what follows needs the whole window.
//
// With WARDGATE_PICTURES every page is kept there as a picture, for people to look at.

import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { TrialResult } from '../../src/ehr-ports.ts';
import type { Reason } from '../../src/core/reasons.ts';
import { renderProblem } from '../../src/http/problem.ts';
import type { Rendered } from '../../src/http/problem.ts';
import { sessionKey } from '../../src/sign-in/session-key.ts';
import { startBadProvider } from '../support/bad-provider.ts';
import { launch, visitor } from '../support/browser.ts';
import { startOwnPages } from '../support/own-pages-server.ts';
import { faultsOf } from '../support/page-faults.ts';
import { requirement } from '../support/requirements.ts';

const chromium = requirement('chromium');
const pictures = process.env['WARDGATE_PICTURES'];
const secret = 'Zw3i-Wörter';

const credential = '/.wardgate/credential?application=ehr&return=%2Fchart';
const refusals: Readonly<Partial<Record<Reason, string | undefined>>> = {
  'ehr-credential-refused': credential,
  'ehr-password-change': '/ehr/password',
  'ehr-sign-on-unrecognised': credential,
  'ehr-sign-on-paused': undefined,
  'ehr-account-missing': undefined,
  'ehr-session-ended': '/',
};

/** `/refused/<reason>` is one; `/framed?<path>` shows a path in a frame; everything else is the EHR itself. */
function ehr({ url = '', headers }: IncomingMessage): Rendered | null {
  const html = { 'content-type': 'text/html; charset=utf-8' };
  const framed = /^\/framed\?(.*)$/.exec(url)?.[1];
  if (framed !== undefined)
    return { status: 200, headers: html, body: `<iframe name="work" width="800" height="700" src="${framed}">` };
  const reason = /^\/refused\/([a-z-]+)$/.exec(url)?.[1] as Reason | undefined;
  if (reason === undefined) return null;
  const remedy = refusals[reason];
  const quote = reason === 'ehr-sign-on-unrecognised' ? { told: 'Licence expired. Please confirm the notice of 3 May.' } : {};
  const wait = reason === 'ehr-sign-on-paused' ? { retryAfterSeconds: 40 } : {};
  return renderProblem(
    { kind: 'refusal', reason, ...quote, ...wait, ...(remedy === undefined ? {} : { remedy }) },
    {
      requestId: '4711-ab',
      shape: headers['sec-fetch-dest'] === 'iframe' ? 'frame' : 'page',
      clinic: { name: 'Northside Clinic', help: 'the help desk, ext. 4357', language: 'en' },
      path: '/interface/main/tabs/main.php',
      person: { displayName: 'Ada Lovelace', roles: ['nurse'] },
    },
  );
}

chromium.describe("a person's own EHR password", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch(chromium.path ?? '');
  });
  afterAll(async () => browser.close());

  /** Ada, signed in, at a fresh browser. */
  async function setUp(asks = ['username', 'password', 'pin']) {
    const op = await startBadProvider();
    const world = await startOwnPages({ provider: async () => Promise.resolve(op), asks, ehr });
    const person = await visitor(browser);
    const id = world.needs.randomness.id();
    const now = world.needs.clock.now();
    const subject = { issuer: op.issuer, sub: 'ada', name: 'ada', displayName: 'Ada' };
    const times = { createdAt: now, lastActiveAt: now, rolesCheckedAt: now };
    await world.needs.sessions.create({
      key: sessionKey(id),
      reference: 'ref',
      subject,
      roles: ['nurse'],
      factor: { method: 'totp', at: now },
      ...times,
      providerSession: null,
      sealedTokens: null,
      ehrSessions: [],
      device: null,
      lockedAt: null,
      activity: { last: 'sign-in', pings: 0, navigations: 0 },
      version: 1,
    });
    await person.context.addCookies([{ name: 'wardgate', value: id, url: world.origin }]);
    return { ...world, ...person, subject };
  }

  async function look(page: Page, name: string): Promise<void> {
    expect(await faultsOf(page)).toEqual({});
    if (pictures === undefined) return;
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1000, 390]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 760 });
        await page.screenshot({ path: `${pictures}/${name}-${colorScheme}-${width}.png`, fullPage: true });
      }
    }
  }

  async function send(page: Page): Promise<void> {
    await page.fill('#username', 'alovelace');
    await page.fill('#password', secret);
    await page.fill('#pin', '4711');
    await page.click('form:has(#password) button');
  }

  test('asked, refused, told what the EHR said, and kept in the end', async () => {
    const { page, context, complaints, origin, ehrTrial, vault, subject } = await setUp();
    await page.goto(`${origin}${credential}`);
    await look(page, 'asked');
    const ends: readonly (readonly [TrialResult, string])[] = [
      [{ trial: 'refused' }, 'did not accept'],
      [{ trial: 'password-change', page: '/ehr/password' }, 'come back here'],
      [{ trial: 'unrecognised', status: 200, told: `Licence of ${secret} expired. `.repeat(12) }, 'The EHR answered in a way'],
      [{ trial: 'paused', retryAfterSeconds: 40 }, 'paused'],
    ];
    for (const [result, text] of ends) {
      ehrTrial.result = result;
      await page.goto(`${origin}${credential}`);
      await send(page);
      await page.locator('main', { hasText: text }).waitFor();
      await look(page, `trial-${result.trial}`);
      expect(await page.content()).not.toMatch(/Zw3i|4711/);
    }
    expect(await vault.get(subject, 'ehr')).toBeNull();
    ehrTrial.result = { trial: 'signed-on', location: '/main', cookies: ['seed=1; Path=/'] };
    await page.goto(`${origin}${credential}`);
    await send(page);
    await page.waitForURL(`${origin}/main`);
    expect((await context.cookies()).map(({ name }) => name)).toContain('seed');
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('one that is stored, one that the EHR no longer takes, and none any more', async () => {
    const { page, context, complaints, origin, vault, subject } = await setUp();
    await vault.put(subject, 'ehr', { username: 'alovelace', password: secret, more: {} });
    await page.goto(`${origin}/.wardgate/me`);
    await look(page, 'me');
    await page.click('text=EHR password');
    await look(page, 'stored');
    await vault.markRefused(subject, 'ehr');
    await page.reload();
    await look(page, 'stored-refused');
    await page.click('button[name=remove]');
    await page.locator('h1', { hasText: 'is removed' }).waitFor();
    await look(page, 'removed');
    expect(await vault.get(subject, 'ehr')).toBeNull();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("the EHR's page for a new password opens beside this one", async () => {
    const { page, context, origin, ehrTrial } = await setUp();
    ehrTrial.result = { trial: 'password-change', page: '/ehr/password' };
    await page.goto(`${origin}${credential}`);
    await send(page);
    const [other] = await Promise.all([context.waitForEvent('page'), page.click("text=Open the EHR's password page")]);
    await other.waitForURL(`${origin}/ehr/password`);
    expect(await page.locator('#password').isVisible()).toBe(true);
    await context.close();
  });

  test.each(Object.keys(refusals))('the refusal %s', async (reason) => {
    const { page, context, complaints, origin } = await setUp();
    await page.goto(`${origin}/refused/${reason}`);
    await look(page, reason);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('an ended session of the EHR is told in its frame, and opens again in the whole window', async () => {
    const { page, context, complaints, origin } = await setUp();
    await page.goto(`${origin}/framed?/refused/ehr-session-ended`);
    await page.frameLocator('iframe').locator('h1', { hasText: 'Your session at the EHR has ended' }).waitFor();
    if (pictures !== undefined) await page.screenshot({ path: `${pictures}/framed.png` });
    await page.frameLocator('iframe').locator('a.button').click();
    await page.waitForURL(`${origin}/`);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a password entered in a frame goes on in the whole window where the EHR begins anew', async () => {
    const { page, context, complaints, origin, ehrTrial } = await setUp(['username', 'password']);
    ehrTrial.result = { trial: 'signed-on', location: '/main', cookies: [] };
    await page.goto(`${origin}/framed?${credential}`);
    const frame = page.frameLocator('iframe');
    await frame.locator('#username').fill('alovelace');
    await frame.locator('#password').fill(secret);
    await frame.locator('button').click();
    await page.waitForURL(`${origin}/main`);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
