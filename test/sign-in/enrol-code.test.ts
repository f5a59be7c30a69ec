// A first factor away from the clinic: whoever phished the password is asked for a code that IT gave to the person, and
// gets no further by guessing, by waiting, or with the code of somebody else.

import { expect, onTestFinished, test } from 'vitest';
import { startDemoProvider } from '../../src/demo/provider/start-demo-provider.ts';
import { personKey } from '../../src/sign-in/person-key.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { startOwnPages, totp } from '../support/own-pages-server.ts';
import type { OwnPagesOptions } from '../support/own-pages-server.ts';

const hour = 3_600_000;

async function away(options: Partial<OwnPagesOptions> = {}) {
  const personas = ['newt', 'nell'].map((name) => ({
    name,
    displayName: name,
    groups: ['Clinic-Nurses'],
    roles: [],
    mayDo: '',
    totpSecret: null,
  }));
  const made: { demo?: Awaited<ReturnType<typeof startDemoProvider>> } = {};
  const world = await startOwnPages({
    provider: async (origin) => {
      const client = {
        clientId: 'wardgate',
        clientSecret: 'a secret/with+special:characters%',
        redirectUris: [`${origin}/.wardgate/callback`],
        postLogoutRedirectUris: [],
      };
      made.demo = await startDemoProvider({ clients: [client], personas });
      return made.demo;
    },
    zones: [],
    ...options,
  });
  onTestFinished(async () => made.demo?.close());
  const { origin, needs, issuer, clock } = world;
  const arrive = async (name = 'newt', browser = new CookieClient()) => {
    const page = await browser.page(`${origin}/.wardgate/sign-in?login_hint=${name}&return=%2Fchart`);
    return { browser, page, give: async (code: string) => browser.form(page.url, { 'enrol-code': code }) };
  };
  const issue = (name = 'newt') => needs.enrolCodes.issue(issuer, name, clock.now() + 24 * hour);
  return { ...world, arrive, issue };
}

const secretOn = (text: string): string | undefined => /class="secret">([A-Z2-7 ]+)</.exec(text)?.[1]?.replaceAll(' ', '');

test('with the code one factor is set up, and the code is used up', async () => {
  const { arrive, issue, audit, clock, sessions, needs, issuer } = await away();
  const code = await issue();
  expect(code).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
  const { browser, page, give } = await arrive();
  expect([page.status, secretOn(page.text)]).toEqual([403, undefined]);
  // As it is read out on the telephone.
  const opened = await give(` ${code.toLowerCase().replaceAll('-', ' ')} `);
  const secret = secretOn(opened.text) ?? '';
  expect([opened.status, secret.length]).toEqual([200, 32]);
  expect(audit.entries.at(-1)).toMatchObject({ event: 'enrol-code-used', subject: { name: 'newt' }, decision: 'allowed' });
  const done = await browser.form(opened.url, { code: totp(secret, clock.now()) });
  expect([done.text.includes('href="/chart"'), sessions.size]).toEqual([true, 1]);
  expect(await needs.factors.remove(issuer, 'newt')).toBe(true);
  expect((await (await arrive()).give(code)).status).toBe(403);
  expect(JSON.stringify(audit.entries)).not.toContain(code);
});

test('without it nothing is shown, set up or challenged, whatever the form says', async () => {
  const { arrive, audit, origin, sessions, needs, issuer } = await away();
  const { browser, page } = await arrive();
  expect((await browser.form(page.url, { code: '000000' })).status).toBe(403);
  expect((await browser.form(page.url, { passkey: '{}' })).status).toBe(403);
  expect((await browser.ask(`${origin}/.wardgate/enrol/options`, { method: 'POST', headers: { origin } })).status).toBe(403);
  expect(audit.events()).not.toContain('enrolment');
  expect([sessions.size, await needs.factors.totp(issuer, 'newt')]).toEqual([0, null]);
});

test.each<readonly [what: string, typed: (world: Awaited<ReturnType<typeof away>>) => Promise<string>]>([
  ['nothing', async () => Promise.resolve('')],
  ['a code of another form', async () => Promise.resolve('123456')],
  ['a wrong one', async () => Promise.resolve('0000-0000-0000-0000')],
  ["somebody else's", async ({ issue }) => issue('nell')],
  ['one that is too old', async ({ needs, issuer, clock }) => needs.enrolCodes.issue(issuer, 'newt', clock.now())],
  [
    'the one before the last',
    async ({ issue }) => {
      const code = await issue();
      await issue();
      return code;
    },
  ],
])('%s is refused, recorded and opens nothing', async (_what, typed) => {
  const world = await away();
  const code = await typed(world);
  const { browser, page, give } = await world.arrive();
  expect((await give(code)).status).toBe(403);
  expect(world.audit.entries.at(-1)).toMatchObject({ reason: 'enrolment-not-permitted', decision: 'refused' });
  expect(secretOn((await browser.page(page.url)).text)).toBeUndefined();
});

test('of many who use one code at once, one gets through', async () => {
  const { arrive, issue, audit } = await away();
  const code = await issue();
  const all = [await arrive(), await arrive(), await arrive(), await arrive()];
  const replies = await Promise.all(all.map(async ({ give }) => give(code)));
  expect(replies.filter(({ text }) => secretOn(text) !== undefined)).toHaveLength(1);
  expect(audit.events().filter((event) => event === 'enrol-code-used')).toHaveLength(1);
});

test('five wrong codes block the person and the address, and then a right one is not looked at', async () => {
  const { arrive, issue, audit } = await away();
  const code = await issue();
  const guesses = await Promise.all(Array.from({ length: 8 }, async (_, at) => (await arrive()).give(`0000-0000-0000-000${at}`)));
  expect(guesses.filter(({ status }) => status === 429).length).toBe(3);
  expect((await (await arrive()).give(code)).status).toBe(429);
  // Another person from the same address, whose own count is empty.
  const nells = await issue('nell');
  expect((await (await arrive('nell')).give(nells)).status).toBe(429);
  expect(audit.events()).not.toContain('enrol-code-used');
});

test('no record, no code: nobody gets through while nothing can be recorded', async () => {
  const { arrive, issue, audit } = await away();
  const code = await issue();
  const { browser, page, give } = await arrive();
  audit.failDurable = true;
  expect((await give(code)).status).toBe(503);
  audit.failDurable = false;
  expect(secretOn((await browser.page(page.url)).text)).toBeUndefined();
});

test('the code permits one browser and one sign-in, not another of the same person', async () => {
  const { arrive, issue } = await away();
  const first = await arrive();
  expect(secretOn((await first.give(await issue())).text)).toHaveLength(32);
  expect((await arrive()).page.status).toBe(403);
});

test.each([
  ['anywhere', [], 200],
  ['nowhere', ['clinic'], 403],
  ['clinic', ['clinic'], 200],
  // Nobody named a zone: loopback is of a house.
  [null, [], 200],
] as const)('enrolFrom %s in zones %j answers %i', async (enrolFrom, zones, status) => {
  const { arrive } = await away({ secondFactor: { enrolFrom }, zones });
  expect((await arrive()).page.status).toBe(status);
});

test('who has left is turned away after the provider and after the code, and a namesake is not', async () => {
  const { arrive, needs, issuer, clock, audit, sessions } = await away({ zones: ['clinic'] });
  const on = await arrive();
  const secret = secretOn(on.page.text) ?? '';
  await needs.leavers.block({ issuer, sub: 'newt', name: 'newt' }, clock.now());
  const refused = await on.browser.form(on.page.url, { code: totp(secret, clock.now()) });
  expect([refused.status, refused.text.includes('offboarded'), sessions.size]).toEqual([403, true, 0]);
  const again = (await arrive()).page;
  expect([again.status, again.text.includes('offboarded')]).toEqual([403, true]);
  expect(audit.entries.at(-1)).toMatchObject({ event: 'sign-in-failed', reason: 'offboarded', subject: { name: 'newt' } });
  expect((await arrive('nell')).page.status).toBe(200);
  await needs.leavers.block({ issuer, sub: '', name: 'nell' }, clock.now());
  expect((await arrive('nell')).page.status).toBe(403);
  expect(await needs.leavers.readmit({ issuer, sub: 'nell', name: 'nell' })).toBe(1);
  expect((await arrive('nell')).page.status).toBe(200);
});

test('a change is told once at the next sign-in, until the person says that they have seen it', async () => {
  const { arrive, needs, issuer, clock, origin, audit } = await away({ zones: ['clinic'] });
  const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
  const sealed = needs.sealer.seal('totp', personKey({ issuer, sub: 'newt' }), secret);
  await needs.factors.enrolTotp(issuer, 'newt', sealed, -1, clock.now(), []);
  await needs.factorNotices.tell({ issuer, sub: 'newt' }, { kind: 'passkey-added', name: '<Desk> $&' }, clock.now());
  const enter = async () => {
    clock.advance(30_000);
    const { browser, page } = await arrive();
    return { browser, landed: await browser.form(page.url, { code: totp(secret, clock.now()) }) };
  };
  const { browser, landed } = await enter();
  expect(landed.url).toBe(`${origin}/.wardgate/notices?return=%2Fchart`);
  expect(landed.text).toContain('The passkey “&lt;Desk&gt; $&amp;” was added');
  // Not acknowledged: the next sign-in tells it again.
  expect((await enter()).landed.url).toContain('/.wardgate/notices');
  const upto = /name="upto" value="(\d+)"/.exec(landed.text)?.[1] ?? '';
  expect((await browser.form(landed.url, { upto: 'x' })).text).toBe('EHR /chart');
  expect((await enter()).landed.url).toContain('/.wardgate/notices');
  expect((await browser.form(landed.url, { upto }, { origin: 'https://evil.example' })).status).toBe(403);
  expect((await (await enter()).browser.form(landed.url, { upto })).text).toBe('EHR /chart');
  expect(audit.events()).toContain('factor-notice-seen');
  expect((await enter()).landed.text).toBe('EHR /chart');
});
