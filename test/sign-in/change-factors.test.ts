// What people change about their own second factors once they have confirmed: the code goes, a passkey gets another name,
// recovery codes are made anew. The last factor stays, and nothing changes for whoever confirmed too long ago.

import { expect, onTestFinished, test } from 'vitest';
import { startDemoProvider } from '../../src/demo/provider/start-demo-provider.ts';
import { personKey } from '../../src/sign-in/person-key.ts';
import { recoveryHash } from '../../src/sign-in/recovery-hash.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { startOwnPages, totp } from '../support/own-pages-server.ts';

const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

async function signedIn(passkeys: readonly string[]) {
  const made: { demo?: Awaited<ReturnType<typeof startDemoProvider>> } = {};
  const world = await startOwnPages({
    provider: async (origin) => {
      const client = {
        clientId: 'wardgate',
        clientSecret: 'a secret/with+special:characters%',
        redirectUris: [`${origin}/.wardgate/callback`],
        postLogoutRedirectUris: [],
      };
      const ada = { name: 'ada', displayName: 'Ada', groups: ['Clinic-Nurses'], roles: [], mayDo: '', totpSecret: null };
      made.demo = await startDemoProvider({ clients: [client], personas: [ada] });
      return made.demo;
    },
    secondFactor: { methods: ['passkey', 'totp'] },
  });
  onTestFinished(async () => made.demo?.close());
  const { needs, issuer, origin, clock } = world;
  const ada = { issuer, sub: 'ada' };
  const old = [recoveryHash(ada, 'OLD')];
  await needs.factors.enrolTotp(issuer, 'ada', needs.sealer.seal('totp', personKey(ada), secret), -1, clock.now(), old);
  for (const name of passkeys) {
    const key = { id: `id-${name}`, name, publicKey: '', counter: 0, transports: [], addedAt: clock.now(), usedAt: null };
    await needs.passkeys.add(issuer, 'ada', key, null);
  }
  const browser = new CookieClient();
  const page = await browser.page(`${origin}/.wardgate/sign-in?login_hint=ada&return=%2F`);
  expect((await browser.form(page.url, { code: totp(secret, clock.now()) })).text).toBe('EHR /');
  const change = async (fields: Record<string, string>) => browser.form(`${origin}/.wardgate/factors`, fields);
  return { ...world, ada, browser, change };
}

test('the code from the phone is removed by whoever has a passkey, on record and told', async () => {
  const { change, needs, issuer, ada, audit } = await signedIn(['Desk']);
  const page = await change({ 'remove-code': 'yes' });
  expect([page.status, page.text.includes('Code from your phone')]).toEqual([200, false]);
  expect(await needs.factors.totp(issuer, 'ada')).toBeNull();
  expect(audit.entries.at(-1)).toMatchObject({ event: 'factor-removed', detail: 'code from the phone', factor: 'totp' });
  expect(await needs.factorNotices.of(ada)).toMatchObject([{ change: { kind: 'code-removed', name: null } }]);
  expect((await change({ 'remove-code': 'yes' })).text).toContain('There is no code to remove');
  // Now the passkey is the last.
  expect((await change({ remove: 'id-Desk' })).text).toContain('your only second factor');
});

test('the code stays where it is the last factor, in the store as well', async () => {
  const { change, needs, issuer, ada, audit } = await signedIn([]);
  expect((await change({ 'remove-code': 'yes' })).text).toContain('your only second factor');
  expect(audit.entries.at(-1)).toMatchObject({ reason: 'last-factor', decision: 'refused' });
  expect(await needs.factors.removeTotp(issuer, 'ada')).toBe(false);
  expect(await needs.factorNotices.of(ada)).toEqual([]);
});

test('of two removals at once that would leave nothing, one is refused', async () => {
  const { change, needs, issuer } = await signedIn(['Desk']);
  await Promise.all([change({ 'remove-code': 'yes' }), change({ remove: 'id-Desk' })]);
  const left = [await needs.factors.totp(issuer, 'ada'), ...(await needs.passkeys.list(issuer, 'ada'))];
  expect(left.filter((one) => one !== null)).toHaveLength(1);
});

test('a passkey gets another name, and nobody renames what is not theirs', async () => {
  const { change, needs, issuer, audit } = await signedIn(['Desk']);
  expect((await change({ rename: 'id-Desk', name: ' Blue\n <b>key ' })).text).toContain('Blue &lt;b&gt;key');
  expect(audit.entries.at(-1)).toMatchObject({ event: 'factor-renamed', detail: 'passkey "Desk" is now "Blue <b>key"' });
  expect((await needs.passkeys.list(issuer, 'ada')).map(({ name }) => name)).toEqual(['Blue <b>key']);
  const key = { id: 'other', name: 'Theirs', publicKey: '', counter: 0, transports: [], addedAt: 0, usedAt: null };
  await needs.passkeys.add(issuer, 'bob', key, null);
  expect((await change({ rename: 'other', name: 'Mine' })).text).toContain('There is no such passkey');
  expect((await needs.passkeys.list(issuer, 'bob')).map(({ name }) => name)).toEqual(['Theirs']);
  expect(await needs.passkeys.rename(issuer, 'ada', 'other', 'Mine')).toBe(false);
});

test('new recovery codes are shown once, and those of before are void', async () => {
  const { change, needs, issuer, ada, audit, browser, origin } = await signedIn([]);
  const page = await change({ 'renew-codes': 'yes' });
  const codes = [...page.text.matchAll(/<li>([0-9A-Z-]{31})<\/li>/g)].map(([, code = '']) => code);
  expect([codes.length, page.headers['cache-control']]).toEqual([10, 'no-store']);
  expect(await needs.factors.useRecoveryCode(issuer, 'ada', recoveryHash(ada, 'OLD'))).toBe(false);
  expect(await needs.factors.recoveryCodesLeft(issuer, 'ada')).toBe(10);
  expect(JSON.stringify(audit.entries)).not.toContain(codes[0]);
  expect(audit.events()).toContain('recovery-codes-renewed');
  expect((await browser.page(`${origin}/.wardgate/factors`)).text).not.toContain(codes[0]);
});

test.each([{ 'remove-code': 'yes' }, { rename: 'id-Desk', name: 'x' }, { 'renew-codes': 'yes' }])(
  '%j wants a fresh confirmation and our own page',
  async (fields) => {
    const { browser, origin, clock, needs, issuer, change } = await signedIn(['Desk']);
    const before = await needs.passkeys.list(issuer, 'ada');
    expect((await browser.form(`${origin}/.wardgate/factors`, fields, { origin: 'https://evil.example' })).status).toBe(403);
    clock.advance(5 * 60_000 + 1);
    expect((await change(fields)).status).toBe(401);
    expect([await needs.passkeys.list(issuer, 'ada'), await needs.factors.recoveryCodesLeft(issuer, 'ada')]).toEqual([before, 1]);
    expect(await needs.factors.totp(issuer, 'ada')).not.toBeNull();
  },
);

test('without a record nothing changes', async () => {
  const { change, needs, issuer, audit } = await signedIn(['Desk']);
  audit.failDurable = true;
  for (const fields of [{ 'remove-code': 'yes' }, { rename: 'id-Desk', name: 'x' }, { 'renew-codes': 'yes' }])
    expect((await change(fields)).status).toBe(503);
  expect((await needs.passkeys.list(issuer, 'ada')).map(({ name }) => name)).toEqual(['Desk']);
  expect([await needs.factors.totp(issuer, 'ada'), await needs.factors.recoveryCodesLeft(issuer, 'ada')]).toMatchObject([{}, 1]);
});
