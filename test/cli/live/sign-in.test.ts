// `check --live --sign-in`: a real code flow against a provider that sends what a test asks for, and what is said of its claims.

import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { trySignIn } from '../../../src/cli/live/sign-in.ts';
import type { SignInTried } from '../../../src/cli/live/sign-in.ts';
import { freePort } from '../../../src/demo/free-port.ts';
import { startBadProvider } from '../../support/bad-provider.ts';
import type { Mutation } from '../../support/bad-provider.ts';
import { without } from '../../support/without.ts';
import { liveConfiguration } from '../../support/live-configuration.ts';
import type { LivePlaces } from '../../support/live-configuration.ts';

interface Tried extends SignInTried {
  readonly page: { readonly status: number; readonly text: string };
}

async function signIn(mutation: Mutation, places: LivePlaces = {}): Promise<Tried> {
  const provider = await startBadProvider(mutation);
  const port = await freePort();
  const configuration = await liveConfiguration({
    ...places,
    issuer: provider.issuer,
    address: `http://localhost:${port}`,
    gateway: [`listen: { port: ${port} }`, ...(places.gateway ?? [])],
  });
  let page = { status: 0, text: '' };
  const tried = await trySignIn(configuration, (address) => {
    // A browser goes through the provider and comes back.
    void fetch(address).then(async (response) => (page = { status: response.status, text: await response.text() }));
  });
  await expect.poll(() => page.status).not.toBe(0);
  return { ...tried, page };
}

const lines = ({ found }: SignInTried): readonly string[] =>
  found.map(({ probe, verdict, says }) => `${probe} ${verdict}: ${says}`);

test('the claims come as they are, with what they mean here', async () => {
  const tried = await signIn({ claims: (claims) => ({ ...claims, amr: ['pwd', 'otp'], sid: 's-1', name: 'Ada Lovelace' }) });
  expect(tried.claims).toMatchObject({ sub: 'ada', preferred_username: 'ada', groups: ['Clinic-Nurses'], amr: ['pwd', 'otp'] });
  expect(lines(tried)).toEqual([
    'signed-in ok: "ada" (Ada Lovelace), by the claim "preferred_username"',
    'roles ok: The claim "groups" holds "Clinic-Nurses": nurse here',
    'second-factor ok: People give their code here; amr ["pwd","otp"] came',
    'recheck ok: Roles can be read again every 15 minutes without asking the person',
    'sessions ok: It names its session (sid), so that signing out there can end just that one here',
  ]);
  expect(tried.page).toEqual({ status: 200, text: expect.stringContaining('Nobody was let in') });
  // Whoever looks over a shoulder sees no claim.
  expect(tried.page.text).not.toMatch(/ada|Nurses/);
});

const id = '3b1f0c1e-0000-4000-8000-000000000001';

test.each<readonly [what: string, claims: Readonly<Record<string, unknown>>, places: LivePlaces, line: RegExp, fix: RegExp]>([
  [
    'too many groups',
    { groups: undefined, _claim_names: { groups: 'src1' } },
    { signIn: ['provider: entra'] },
    /^roles failed: .*overage/,
    /Groups assigned to the application/,
  ],
  [
    'no groups, Keycloak',
    { groups: undefined },
    { signIn: ['provider: keycloak'] },
    /^roles failed: No claim "groups" came/,
    /mapper "Group Membership"/,
  ],
  [
    'no groups, Entra ID',
    { groups: undefined },
    { signIn: ['provider: entra'] },
    /^roles failed: No claim/,
    /Token configuration/,
  ],
  ['no groups, another', { groups: undefined }, {}, /^roles failed: No claim/, /name under rolesClaim/],
  ['nothing in it', { groups: [] }, {}, /^roles failed: .* holds nothing, and none/, /"Clinic-Nurses", "Clinic-IT"/],
  ['a full path', { groups: ['/Clinic-Nurses'] }, {}, /^roles failed: .*"\/Clinic-Nurses"/, /"Full group path" off/],
  ['other capitals', { groups: ['clinic-nurses'] }, {}, /^roles failed/, /compare "Clinic-Nurses".*capitals count/],
  ['object ids', { groups: [id] }, {}, /^roles failed/, /object ids/],
  ['groups of others', { groups: ['Clinic-Cooks'] }, {}, /^roles failed/, /write the groups of this person/],
  [
    'many groups',
    { groups: Array.from({ length: 30 }, (_, at) => `G${at}`) },
    {},
    /"G19" and 10 more, and none/,
    /write the groups/,
  ],
  [
    'a trusted factor that is missing',
    { amr: ['pwd'], auth_time: 1 },
    { gateway: ['secondFactor: { trust: { amr: [otp] } }'] },
    /^second-factor warning: .*amr \["pwd"\] came/,
    /acrs/,
  ],
  [
    'a trusted factor without a time',
    { amr: ['otp'] },
    { gateway: ['secondFactor: { trust: { amr: [otp] } }'] },
    /^auth-time warning/,
    /optional claim/,
  ],
])('%s is told with its fix', async (_what, claims, places, line, fix) => {
  const tried = await signIn({ claims: (all) => ({ ...all, sid: 's', ...claims }), userinfo: ({ sub }) => ({ sub }) }, places);
  const odd = tried.found.filter(({ verdict }) => verdict !== 'ok');
  expect(lines({ ...tried, found: odd })).toEqual([expect.stringMatching(line)]);
  expect(odd[0]?.fix).toMatch(fix);
});

test.each<readonly [what: string, token: Mutation, places: LivePlaces, lines: readonly RegExp[]]>([
  ['offline_access', { token: without('refresh_token') }, {}, [/^recheck warning/, /^sessions unknown/]],
  [
    'the client',
    { token: without('refresh_token') },
    { signIn: ['scopes: [openid, offline_access]'] },
    [/^recheck warning/, /^sessions unknown/],
  ],
])('a missing refresh token leads to %s', async (what, mutation, places, expected) => {
  const tried = await signIn(mutation, places);
  const odd = tried.found.filter(({ verdict }) => verdict !== 'ok');
  expect(lines({ ...tried, found: odd })).toEqual(expected.map((one) => expect.stringMatching(one)));
  expect(odd[0]?.fix).toContain(what);
});

describe('a sign-in that fails', () => {
  test.each<readonly [what: string, mutation: Mutation, says: RegExp]>([
    [
      'refused by the provider',
      {
        callback: (query) => {
          query.delete('code');
          query.set('error', 'access_denied');
        },
      },
      /^sign-in failed: .*"access_denied"/,
    ],
    ['with a token of somebody else', { claims: (claims) => ({ ...claims, aud: 'other' }) }, /^sign-in failed: /],
    [
      'with a token of yesterday',
      { claims: (claims) => ({ ...claims, iat: 1, exp: 9_999_999_999 }) },
      /^sign-in failed: .*issued more than/,
    ],
    ['without a name', { claims: without('preferred_username') }, /^sign-in failed: The claim "preferred_username"/],
    ['at a broken provider', { raw: { '/token': (_, response) => response.writeHead(500).end() } }, /^sign-in failed: /],
  ])('%s says why', async (_what, mutation, says) => {
    const tried = await signIn(mutation);
    expect(lines(tried)).toEqual([expect.stringMatching(says)]);
    expect(tried.claims).toBeNull();
    expect(tried.page.status).toBeGreaterThanOrEqual(400);
  });

  test('because nobody comes, ends in time', async () => {
    const provider = await startBadProvider();
    const port = await freePort();
    const places = { issuer: provider.issuer, address: `http://localhost:${port}`, gateway: [`listen: { port: ${port} }`] };
    const asked: number[] = [];
    const tried = await trySignIn(
      await liveConfiguration(places),
      (address) => {
        // Whoever has no invitation begins nothing, and an answer that nobody asked for is none.
        for (const path of ['/', '/.wardgate/sign-in', '/.wardgate/sign-in?check=guess', '/.wardgate/callback?state=x&code=y'])
          void fetch(new URL(path, address)).then(({ status }) => asked.push(status));
      },
      0.5,
    );
    expect(lines(tried)).toEqual([expect.stringMatching(/^sign-in failed: Nobody signed in within/)]);
    expect(asked).toEqual([503, 503, 503, 503]);
    expect(provider.asked).not.toContain('/auth');
  });

  test('because the gateway runs, says what to do instead', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => new Promise<void>((resolve) => taken.close(() => resolve())));
    const { port } = taken.address() as AddressInfo;
    const gateway = [`listen: { port: ${port} }`];
    const tried = await trySignIn(await liveConfiguration({ address: `http://localhost:${port}`, gateway }), () => {
      throw new Error('Nobody may be invited');
    });
    expect(lines(tried)).toEqual([expect.stringMatching(/^sign-in failed: Port \d+ is taken, by the running gateway/)]);
    expect(tried.found[0]?.fix).toContain(`http://localhost:${port}/.wardgate/me`);
  });
});
