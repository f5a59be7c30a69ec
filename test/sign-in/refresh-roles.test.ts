// Roles read again: fresh, kept or ended, once per session at a time.

import { expect, test } from 'vitest';
import type { Session } from '../../src/core/session/session.ts';
import type { RefreshResult } from '../../src/identity-ports.ts';
import { needsSilentSignIn, refreshRoles, rolesAreStale } from '../../src/sign-in/refresh-roles.ts';
import { openTokens, sealTokens } from '../../src/sign-in/session-tokens.ts';
import { startBadProvider } from '../support/bad-provider.ts';
import { GatewaysTogether } from '../support/gateways-together.ts';
import { startOwnPages } from '../support/own-pages-server.ts';

const minute = 60_000;

async function setUp(refreshToken: string | null = 'rt-1') {
  const op = await startBadProvider();
  const server = await startOwnPages({ provider: async () => Promise.resolve(op) });
  const subject = { issuer: op.issuer, sub: 'ada', name: 'ada', displayName: 'Ada' };
  const now = server.clock.now();
  const session: Session = {
    key: 'key',
    reference: 'ref',
    subject,
    roles: ['nurse'],
    factor: { method: 'totp', at: now },
    createdAt: now,
    lastActiveAt: now,
    rolesCheckedAt: now,
    providerSession: null,
    sealedTokens: sealTokens(server.needs.sealer, subject, { idToken: 'id-1', refreshToken }),
    ehrSessions: [],
    device: null,
    lockedAt: null,
    activity: { last: 'sign-in', pings: 0, navigations: 0 },
    version: 1,
  };
  await server.sessions.create(session);
  const world = {
    ...server,
    session,
    answer: { refreshed: 'unavailable', cause: null } as RefreshResult,
    asked: [] as string[],
    ready: true,
  };
  const provider = {
    refresh: async (_subject: unknown, token: string) => {
      world.asked.push(token);
      return Promise.resolve(world.answer);
    },
    get ready() {
      return world.ready;
    },
  };
  const needs = { ...server.needs, provider: provider as never };
  return Object.assign(world, { needs, refresh: refreshRoles(needs) });
}

function yes(groups: unknown, tokens = { idToken: 'id-2', refreshToken: 'rt-2' }, more: object = {}): RefreshResult {
  const subject = { issuer: 'i', sub: 'ada', name: 'ada.lovelace', displayName: 'Ada' };
  return { refreshed: 'yes', identity: { subject, claims: { groups, ...more }, providerSession: null, tokens } };
}

function current({ sessions }: { sessions: Awaited<ReturnType<typeof setUp>>['sessions'] }): Session | null {
  return sessions.all().find(({ key }) => key === 'key') ?? null;
}

test('young roles are not read again', async () => {
  const world = await setUp();
  world.clock.advance(15 * minute - 1000);
  expect(await world.refresh(world.session)).toBe('fresh');
  expect(world.asked).toEqual([]);
  const { signIn } = world.needs.settings;
  const { rolesCheckedAt } = world.session;
  expect(rolesAreStale(signIn, world.session, rolesCheckedAt + 15 * minute - 1)).toBe(false);
  expect(rolesAreStale(signIn, world.session, rolesCheckedAt + 15 * minute)).toBe(true);
  expect(rolesAreStale(signIn, world.session, rolesCheckedAt - 1)).toBe(true);
});

test('changed roles are recorded and in force, the rotated token is kept, and many callers ask once', async () => {
  const world = await setUp();
  world.clock.advance(15 * minute);
  world.answer = yes(['Clinic-Physicians']);
  expect(await Promise.all(Array.from({ length: 10 }, async () => world.refresh(world.session)))).toEqual(
    Array.from({ length: 10 }, () => 'fresh'),
  );
  expect(world.asked).toEqual(['rt-1']);
  const after = current(world);
  expect(after).toMatchObject({ roles: ['physician'], subject: { name: 'ada.lovelace' } });
  expect(openTokens(world.needs.sealer, world.session.subject, after?.sealedTokens ?? null)).toEqual({
    idToken: 'id-2',
    refreshToken: 'rt-2',
  });
  expect(world.audit.entries).toMatchObject([{ event: 'roles-refreshed', roles: ['physician'], detail: 'before: nurse' }]);
  expect(await world.refresh(after ?? world.session)).toBe('fresh');
  expect(world.asked).toHaveLength(1);
});

test('the same roles in another order are no news; a missing ID token keeps the old one', async () => {
  const world = await setUp();
  world.clock.advance(15 * minute);
  world.answer = yes(['Clinic-Nurses'], { idToken: '', refreshToken: 'rt-1' });
  expect(await world.refresh(world.session)).toBe('fresh');
  expect(world.audit.entries).toEqual([]);
  expect(openTokens(world.needs.sealer, world.session.subject, current(world)?.sealedTokens ?? null)?.idToken).toBe('id-1');
});

test.each([
  ['refused', { refreshed: 'refused', why: 'invalid_grant' } as const, 'provider-refused'],
  ['no role any more', yes(['Volunteers']), 'provider-refused'],
  ['overage', yes(undefined, undefined, { _claim_names: { groups: 'x' } }), 'provider-refused'],
])('%s ends the session and says so', async (_case, answer, reason) => {
  const world = await setUp();
  world.clock.advance(15 * minute);
  world.answer = answer;
  expect(await world.refresh(world.session)).toBe('ended');
  expect(current(world)).toBeNull();
  expect(world.audit.entries).toMatchObject([{ event: 'session-ended', reason }]);
});

test('no answer keeps the session for the grace time, counted from the last reading, then it locks, and one day it ends', async () => {
  const world = await setUp();
  world.clock.advance(75 * minute - 1000);
  expect(await world.refresh(world.session)).toBe('kept');
  expect(current(world)).toEqual(world.session);
  world.clock.advance(1000);
  expect(await world.refresh(world.session)).toBe('locked');
  expect(current(world)).toMatchObject({ lockedAt: expect.any(Number) });
  world.clock.advance(12 * 60 * minute);
  expect(await world.refresh(world.session)).toBe('ended');
  expect(world.audit.entries).toMatchObject([{ event: 'session-ended', reason: 'roles-stale' }]);
});

test('without a refresh token the browser has to go; while the provider is away the grace time runs', async () => {
  const world = await setUp(null);
  expect(needsSilentSignIn(world.needs, world.session, world.clock.now())).toBe(false);
  world.clock.advance(15 * minute);
  expect(needsSilentSignIn(world.needs, world.session, world.clock.now())).toBe(true);
  world.ready = false;
  expect(needsSilentSignIn(world.needs, world.session, world.clock.now())).toBe(false);
  expect(await world.refresh(world.session)).toBe('kept');
  expect(world.asked).toEqual([]);
  world.clock.advance(60 * minute);
  expect(await world.refresh(world.session)).toBe('ended');
});

test('tokens sealed for somebody else, or altered, are no tokens', async () => {
  const { needs, session } = await setUp();
  const { sealer } = needs;
  expect(openTokens(sealer, { ...session.subject, sub: 'eve' }, session.sealedTokens)).toBeNull();
  expect(openTokens(sealer, session.subject, null)).toBeNull();
  const odd = (value: unknown) => sealer.seal('tokens', JSON.stringify([session.subject.issuer, 'ada']), JSON.stringify(value));
  expect(openTokens(sealer, session.subject, odd({}))).toBeNull();
  expect(openTokens(sealer, session.subject, odd([7]))).toBeNull();
});

test('a session that ended while the provider answered stays ended', async () => {
  const world = await setUp();
  world.clock.advance(15 * minute);
  world.answer = yes(['Clinic-Nurses']);
  const [outcome] = await Promise.all([world.refresh(world.session), world.sessions.end('key', 'signed-out')]);
  expect(outcome).toBe('ended');
  expect(current(world)).toBeNull();
});

/** A second gateway with the same sessions, which asks the same provider. */
async function twoGateways() {
  const world = await setUp();
  const together = new GatewaysTogether();
  const shared = [together.gateway(), together.gateway()];
  world.clock.advance(15 * minute);
  const [one, two] = shared.map((gateway) => refreshRoles(world.needs, gateway));
  if (one === undefined || two === undefined) return expect.fail('There are two');
  return { world, one, two, shared };
}

test('two gateways ask once, and the one that waited goes by what the other was told', async () => {
  const { world, one, two } = await twoGateways();
  const answered = yes(['Clinic-Physicians']);
  if (answered.refreshed !== 'yes') return expect.fail('It is a yes');
  world.answer = { ...answered, identity: { ...answered.identity, subject: world.session.subject } };
  // Each knows the session as it was before.
  const outcomes = await Promise.all([one(world.session), two(world.session), one(world.session), two(world.session)]);
  expect([new Set(outcomes), world.asked]).toEqual([new Set(['fresh']), ['rt-1']]);
  expect(current(world)?.roles).toEqual(['physician']);
  world.clock.advance(15 * minute);
  expect(await two(world.session)).toBe('fresh');
  expect(world.asked).toEqual(['rt-1', 'rt-2']);
  return undefined;
});

test('a token that the provider refuses at one gateway ends the session, and is not shown again by the other', async () => {
  const { world, one, two } = await twoGateways();
  world.answer = { refreshed: 'refused', why: 'invalid_grant' };
  expect(await Promise.all([one(world.session), two(world.session)])).toEqual(['ended', 'ended']);
  expect([world.asked, current(world)]).toEqual([['rt-1'], null]);
});

test('a provider that does not answer ends nothing at either gateway', async () => {
  const { world, one, two } = await twoGateways();
  expect(await Promise.all([one(world.session), two(world.session)])).toEqual(['kept', 'kept']);
  expect(current(world)).not.toBeNull();
});

test('a gateway that does not hear the others asks nobody, and signs nobody out', async () => {
  const { world, two, shared } = await twoGateways();
  shared[1]?.part();
  await expect(two(world.session)).rejects.toMatchObject({ code: 'session-store-unavailable' });
  expect([world.asked, current(world) === null]).toEqual([[], false]);
});
