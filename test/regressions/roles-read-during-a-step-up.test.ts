// Roles are read again with a refresh token, and a rotating provider gives a new one for each. A step-up in the same moment
// moved the session under a new key: the answer found the old key gone, the new token was lost, and the next reading showed
// the provider a used one, which reads as theft and signs the person out. The other way round the step-up wrote back the
// session as it had read it, over what the refresh had just stored. And a "no" of the provider ended nobody.

import { expect, test } from 'vitest';
import { SqliteSessionStore } from '../../src/adapters/session-store-sqlite.ts';
import { openStateDb } from '../../src/adapters/state-db.ts';
import { createMasterKey, FileSealer } from '../../src/adapters/sealer-file.ts';
import type { Session } from '../../src/core/session/session.ts';
import type { RefreshResult } from '../../src/identity-ports.ts';
import { refreshRoles } from '../../src/sign-in/refresh-roles.ts';
import { openTokens, sealTokens } from '../../src/sign-in/session-tokens.ts';
import { FakeAuditLog, FakeClock, FakeLog } from '../support/fake-ports.ts';
import { policyFor } from '../support/own-pages-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const subject = { issuer: 'https://op.example', sub: 'ada', name: 'ada', displayName: 'Ada' };

async function setUp() {
  const directory = temporaryDirectory();
  createMasterKey(`${directory}/key`);
  const sealer = new FileSealer(`${directory}/key`);
  const clock = new FakeClock();
  const audit = new FakeAuditLog();
  const db = await openStateDb(directory);
  const sessions = await SqliteSessionStore.open(db, clock, new FakeLog(), {
    touchStepMilliseconds: 60_000,
    judge: () => ({ standing: 'active' as const, locksAt: 0, endsAt: 0 }),
  });
  const at = clock.now() - 3_600_000;
  const tokens = sealTokens(sealer, subject, { idToken: 'id-1', refreshToken: 'rt-1' });
  const session: Session = {
    key: 'before',
    reference: 'ref',
    subject,
    roles: ['nurse'],
    factor: { method: 'totp', at },
    createdAt: at,
    lastActiveAt: at,
    rolesCheckedAt: at,
    providerSession: null,
    sealedTokens: tokens,
    ehrSessions: [],
    device: null,
    lockedAt: null,
    activity: { last: 'sign-in', pings: 0, navigations: 0 },
    version: 1,
  };
  await sessions.create(session);
  const asked: string[] = [];
  let answer: (result: RefreshResult) => void = () => undefined;
  const answered = new Promise<RefreshResult>((resolve) => (answer = resolve));
  const provider = { ready: true, refresh: async (_subject: unknown, token: string) => (asked.push(token), answered) };
  const settings = { signIn: { rolesClaim: 'groups', recheckEverySeconds: 900, recheckGraceSeconds: 3600 } };
  const people = { rolesRead: async () => undefined };
  const needs = { settings, policy: () => policyFor([]), clock, audit, people, provider, sessions, sealer };
  const refresh = refreshRoles(needs as never);
  const close = async () => {
    await sessions.close();
    await db.close();
  };
  const now = (key: string): Session | null => sessions.all().find((one) => one.key === key) ?? null;
  const refreshToken = (key: string) => openTokens(sealer, subject, now(key)?.sealedTokens ?? null)?.refreshToken;
  return { sessions, session, refresh, asked, answer, audit, now, refreshToken, db, close };
}

function rotated(groups: readonly string[]): RefreshResult {
  return {
    refreshed: 'yes',
    identity: { subject, claims: { groups }, providerSession: null, tokens: { idToken: 'id-2', refreshToken: 'rt-2' } },
  };
}

test('the rotated token and the new roles land in the session under its new key, in memory and on disk', async () => {
  const world = await setUp();
  const refreshing = world.refresh(world.session);
  expect(await world.sessions.rename('before', 'after', { factor: { method: 'totp', at: 5 } })).toBe(true);
  world.answer(rotated(['Clinic-Physicians']));
  expect(await refreshing).toBe('fresh');
  expect(world.refreshToken('after')).toBe('rt-2');
  expect(world.now('after')).toMatchObject({ roles: ['physician'], factor: { at: 5 } });
  const [stored] = await world.db.run('sessions', [{ sql: 'SELECT key, roles FROM sessions', params: [] }]);
  expect(stored?.rows).toEqual([{ key: 'after', roles: '["physician"]' }]);
  await world.close();
});

test('a request under the new key waits for the reading that was begun under the old one', async () => {
  const world = await setUp();
  const first = world.refresh(world.session);
  await world.sessions.rename('before', 'after', {});
  const second = world.refresh(world.now('after') ?? world.session);
  world.answer(rotated(['Clinic-Nurses']));
  expect(await Promise.all([first, second])).toEqual(['fresh', 'fresh']);
  expect(world.asked).toEqual(['rt-1']);
  await world.close();
});

test('a step-up begun before the answer and written after it keeps the rotated token', async () => {
  const world = await setUp();
  const refreshing = world.refresh(world.session);
  world.answer(rotated(['Clinic-Nurses']));
  await refreshing;
  await world.sessions.rename('before', 'after', { factor: { method: 'totp', at: 5 }, lastActiveAt: 7 });
  expect(world.refreshToken('after')).toBe('rt-2');
  await world.close();
});

test('a no of the provider ends the session wherever it has moved to', async () => {
  const world = await setUp();
  const refreshing = world.refresh(world.session);
  await world.sessions.rename('before', 'after', {});
  world.answer({ refreshed: 'refused', why: 'invalid_grant' });
  expect(await refreshing).toBe('ended');
  expect(world.now('after')).toBeNull();
  expect(world.audit.entries).toMatchObject([{ event: 'session-ended', reason: 'provider-refused' }]);
  await world.close();
});
