// Live sessions: memory answers, the disk remembers, and an ended one never comes back.

import { expect, test, vi } from 'vitest';
import { SqliteSessionStore } from '../../src/adapters/session-store-sqlite.ts';
import type { SessionStoreOptions } from '../../src/adapters/session-store-options.ts';
import type { StateDb } from '../../src/adapters/state-db.ts';
import type { SessionStanding } from '../../src/core/session/judge-standing.ts';
import type { Session } from '../../src/core/session/session.ts';
import { FakeClock, FakeLog } from '../support/fake-ports.ts';
import { sessionOf as session } from '../support/session-of.ts';
import { onEachEngine, openStateDb } from '../support/state-engines.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const minute = 60_000;

const options: SessionStoreOptions = {
  touchStepMilliseconds: minute,
  judge: () => ({ standing: 'active', locksAt: 0, endsAt: 0 }),
};

async function setUp(directory = temporaryDirectory(), more: Partial<typeof options & { maximumSessions: number }> = {}) {
  const db = await openStateDb(directory);
  const clock = new FakeClock();
  const log = new FakeLog();
  const store = await SqliteSessionStore.open(db, clock, log, { ...options, ...more });
  const stop = async () => {
    await store.close();
    await db.close();
  };
  return { directory, db, clock, log, store, stop };
}

async function rows(db: StateDb): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const [result] = await db.run('sessions', [{ sql: 'SELECT * FROM sessions ORDER BY key', params: [] }]);
  return result?.rows ?? [];
}

onEachEngine(() => {
  test('a session survives a restart whole', async () => {
    const first = await setUp();
    const factor = { method: 'provider', at: 7, detail: 'amr mfa' } as const;
    const ada = session('a', {
      factor,
      providerSession: 'sid',
      sealedTokens: 'v1.x',
      ehrSessions: [{ id: 'h', patient: '4711', certain: true }],
    });
    await first.store.create(ada);
    expect(first.store.find('a')).toEqual({ found: 'yes', value: ada });
    expect(first.store.find('b')).toEqual({ found: 'no' });
    await first.stop();
    const second = await setUp(first.directory);
    expect(second.store.find('a')).toEqual({ found: 'yes', value: ada });
    await second.stop();
  });

  test('a field is updated alone, and an ended session is not re-created by it', async () => {
    const { store, db, stop } = await setUp();
    await store.create(session('a'));
    await expect(store.update('a', { ehrSessions: [{ id: 'h', patient: '7', certain: true }] })).resolves.toBe(true);
    expect((await rows(db))[0]).toMatchObject({
      ehr_sessions: '[{"id":"h","patient":"7","certain":true}]',
      version: 2,
      roles: '["nurse","records"]',
    });
    await store.end('a', 'signed-out');
    await expect(store.update('a', { ehrSessions: [] })).resolves.toBe(false);
    await expect(store.rename('a', 'b', {})).resolves.toBe(false);
    store.touch('a', 5000, 'script');
    await store.flush();
    expect(await rows(db)).toEqual([]);
    await expect(store.end('a', 'signed-out')).resolves.toBe(false);
    await stop();
  });

  test('an update that is on its way when the session ends does not bring it back', async () => {
    const { store, db, stop } = await setUp();
    await store.create(session('a'));
    const [updated, ended] = await Promise.all([store.update('a', { roles: ['it'] }), store.end('a', 'revoked')]);
    expect([updated, ended]).toEqual([true, true]);
    expect(store.find('a')).toEqual({ found: 'no' });
    expect(await rows(db)).toEqual([]);
    await stop();
  });

  test('a rename leaves one session under the new key', async () => {
    const { store, db, stop } = await setUp();
    await store.create(session('a'));
    await expect(store.rename('a', 'b', { factor: { method: 'totp', at: 99 } })).resolves.toBe(true);
    expect(store.find('a')).toEqual({ found: 'no' });
    expect(store.find('b')).toMatchObject({ found: 'yes', value: { factor: { at: 99 }, version: 2 } });
    expect(await rows(db)).toHaveLength(1);
    expect(await store.ofSubject('https://op.example', 'ada')).toHaveLength(1);
    await stop();
  });

  test('signing out while a rename is on its way ends the renamed session too', async () => {
    const { store, db, stop } = await setUp();
    await store.create(session('a'));
    const renaming = store.rename('a', 'b', {});
    await expect(store.end('a', 'signed-out')).resolves.toBe(true);
    await expect(renaming).resolves.toBe(false);
    expect(store.find('b')).toEqual({ found: 'no' });
    expect(await rows(db)).toEqual([]);
    await stop();
  });

  test('a rename that the disk refuses leaves the person their session', async () => {
    const { store, db } = await setUp();
    await store.create(session('a'));
    await db.close();
    await expect(store.rename('a', 'b', {})).rejects.toMatchObject({ code: 'session-store-unavailable' });
    expect(store.find('a')).toMatchObject({ found: 'yes' });
    expect(store.find('b')).toEqual({ found: 'no' });
    await store.close();
  });

  test('touches count at once and reach the disk only beyond the step', async () => {
    const { store, db, stop } = await setUp();
    await store.create(session('a'));
    store.touch('a', 1000 + minute, 'script');
    await store.flush();
    expect((await rows(db))[0]).toMatchObject({ last_active_at: 1000 });
    expect(store.find('a')).toMatchObject({ value: { lastActiveAt: 1000 + minute } });
    store.touch('a', 1000 + minute + 1, 'script');
    await store.flush();
    expect((await rows(db))[0]).toMatchObject({ last_active_at: 1000 + minute + 1 });
    store.touch('a', 2000, 'script');
    expect(store.find('a')).toMatchObject({ value: { lastActiveAt: 1000 + minute + 1 } });
    await stop();
  });

  test('closing writes every touch, and the timer writes those that moved far', async () => {
    const first = await setUp();
    await first.store.create(session('a'));
    await first.store.create(session('b'));
    first.store.touch('a', 1000 + 5 * minute, 'script');
    await vi.waitUntil(async () => (await rows(first.db))[0]?.['last_active_at'] === 1000 + 5 * minute, { timeout: 5000 });
    first.store.touch('b', 1500, 'script');
    await first.stop();
    const second = await setUp(first.directory);
    expect(second.store.find('b')).toMatchObject({ value: { lastActiveAt: 1500 } });
    await second.stop();
  });

  test('an ended session stays ended when its row comes back with an old file', async () => {
    const first = await setUp();
    await first.store.create(session('a'));
    await first.store.end('a', 'revoked');
    await first.db.run('sessions', [
      {
        sql: `INSERT INTO sessions (key, reference, subject, roles, factor, created_at, last_active_at, roles_checked_at, version)
          VALUES ('a','r','{"issuer":"i","sub":"s","name":"n","displayName":"n"}','["nurse"]','{"method":"totp","at":1}',1,1,1,1)`,
        params: [],
      },
    ]);
    await first.stop();
    const second = await setUp(first.directory);
    expect(second.store.find('a')).toEqual({ found: 'no' });
    await second.stop();
  });

  test('a lock outlives a restart, what a person did is counted with it, and nothing but an update lifts it', async () => {
    const first = await setUp();
    await first.store.create(session('a'));
    first.store.touch('a', 2000, 'script');
    first.store.touch('a', 3000, 'navigation');
    expect([await first.store.lock('a', 4000), await first.store.lock('a', 5000), await first.store.lock('none', 1)]).toEqual([
      true,
      false,
      false,
    ]);
    first.store.touch('a', 6000, 'script');
    await first.stop();
    const second = await setUp(first.directory);
    const activity = { last: 'navigation', pings: 1, navigations: 1 };
    expect(second.store.find('a')).toMatchObject({ value: { lockedAt: 4000, lastActiveAt: 3000, activity } });
    await second.store.update('a', { lockedAt: null });
    second.store.touch('a', 7000, 'script');
    expect(second.store.find('a')).toMatchObject({ value: { lockedAt: null, lastActiveAt: 7000 } });
    await second.stop();
  });

  test('a damaged row is absent and said so, and the others are there', async () => {
    const first = await setUp();
    for (const key of ['a', 'b', 'c', 'd']) await first.store.create(session(key));
    const damage = [
      `UPDATE sessions SET roles = '["nurse"' WHERE key = 'a'`,
      `UPDATE sessions SET factor = '{"method":"none","at":1}' WHERE key = 'b'`,
      `UPDATE sessions SET subject = '{"issuer":"x"}' WHERE key = 'c'`,
    ];
    await first.db.run(
      'sessions',
      damage.map((sql) => ({ sql, params: [] })),
    );
    await first.stop();
    const second = await setUp(first.directory);
    expect(second.store.all().map(({ key }) => key)).toEqual(['d']);
    expect(second.log.said.filter((line) => line.level === 'error')).toHaveLength(3);
    await second.stop();
  });

  test('listeners hear of every end and every lock; the sweep does both', async () => {
    const judge = (one: Session): SessionStanding => {
      if (one.key === 'old') return { standing: 'ended', why: 'idle' };
      return one.key === 'still' ? { standing: 'locked', since: 7, endsAt: 9 } : { standing: 'active', locksAt: 0, endsAt: 0 };
    };
    const { store, stop } = await setUp(temporaryDirectory(), { judge });
    const locks: string[] = [];
    store.onLock(({ key, lockedAt }) => locks.push(`${key} ${lockedAt}`));
    await store.create(session('still'));
    const heard: string[] = [];
    store.onEnd((ended, reason) => heard.push(`${ended.key} ${reason}`));
    await store.create(session('old'));
    await store.create(session('new'));
    await store.sweep();
    await store.sweep();
    expect([heard, locks, store.locked().map(({ key }) => key)]).toEqual([['old idle'], ['still 7'], ['still']]);
    expect(store.find('old')).toEqual({ found: 'no' });
    expect(store.find('new')).toMatchObject({ found: 'yes' });
    await stop();
  });

  test('the sessions are counted: at the limit the next sign-in is refused', async () => {
    const { store, stop } = await setUp(temporaryDirectory(), { maximumSessions: 2 });
    await store.create(session('a'));
    await store.create(session('b'));
    await expect(store.create(session('c'))).rejects.toThrow('2 sessions are open, which is the limit');
    await store.end('a', 'signed-out');
    await store.create(session('c'));
    expect(store.size).toBe(2);
    await stop();
  });

  test('a session is known by its reference, whatever its key, until it ends', async () => {
    const { store, stop } = await setUp();
    await store.create(session('a'));
    await store.rename('a', 'b', {});
    expect(store.byReference('ref-a')).toMatchObject({ key: 'b', version: 2 });
    store.touch('b', 5000, 'script');
    expect(store.byReference('ref-a')).toMatchObject({ lastActiveAt: 5000 });
    expect(store.byReference('ref-b')).toBeNull();
    await store.end('b', 'signed-out');
    expect(store.byReference('ref-a')).toBeNull();
    await stop();
  });
});
