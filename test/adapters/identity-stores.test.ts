// Factors, sign-ins, grants, blocks and interactions in the embedded database.

import { expect, test } from 'vitest';
import type { SessionData } from 'express-session';
import { SqliteAttemptLimiter } from '../../src/adapters/attempt-limiter-sqlite.ts';
import { ExpressSessionStore } from '../../src/adapters/express-session-store.ts';
import { SqliteFactorStore } from '../../src/adapters/factor-store-sqlite.ts';
import { SqliteGrantStore } from '../../src/adapters/grant-store-sqlite.ts';
import { systemClock } from '../../src/adapters/clock-system.ts';
import { systemRandomness } from '../../src/adapters/randomness-system.ts';
import { createMasterKey, FileSealer } from '../../src/adapters/sealer-file.ts';
import { SqliteSignInStore } from '../../src/adapters/sign-in-store-sqlite.ts';
import type { SignInTransaction } from '../../src/identity-ports.ts';
import { FakeClock } from '../support/fake-ports.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { onEachEngine, openStateDb } from '../support/state-engines.ts';

const issuer = 'https://op.example';
const minute = 60_000;

async function setUp() {
  const directory = temporaryDirectory();
  createMasterKey(`${directory}/key`);
  return { directory, db: await openStateDb(directory), clock: new FakeClock(), sealer: new FileSealer(`${directory}/key`) };
}

const transaction = (state: string, clock: FakeClock, over: Partial<SignInTransaction> = {}): SignInTransaction => ({
  state,
  nonce: 'n',
  verifier: 'v',
  application: 'ehr',
  returnTo: '/a?b=c',
  browser: 'browser',
  silent: false,
  sessionKey: null,
  expiresAt: clock.now() + 10 * minute,
  ...over,
});

onEachEngine(() => {
  test('a started sign-in is taken once, also by two at the same time', async () => {
    const { db, clock } = await setUp();
    const store = new SqliteSignInStore(db, clock);
    const one = transaction('s', clock);
    await store.put(one, '10.0.0.7');
    const taken = await Promise.all(Array.from({ length: 10 }, async () => store.take('s')));
    expect(taken.filter((value) => value !== null)).toEqual([one]);
    expect(await store.take('s')).toBeNull();
    expect(await store.take('unknown')).toBeNull();
    await db.close();
  });

  test('a started sign-in is gone when its time is over', async () => {
    const { db, clock } = await setUp();
    const store = new SqliteSignInStore(db, clock);
    await store.put(transaction('s', clock), '10.0.0.7');
    clock.advance(10 * minute);
    expect(await store.take('s')).toBeNull();
    await db.close();
  });

  test('a browser has twenty started sign-ins; the twenty-first pushes out the oldest and nobody else', async () => {
    const { db, clock } = await setUp();
    const store = new SqliteSignInStore(db, clock);
    await store.put(transaction('other', clock, { browser: 'elsewhere' }), '10.0.0.7');
    for (let n = 0; n < 20; n += 1)
      await store.put(transaction(`s${n}`, clock, { expiresAt: clock.now() + 10 * minute + n }), '10.0.0.7');
    await store.put(transaction('last', clock, { expiresAt: clock.now() + 11 * minute }), '10.0.0.7');
    expect(await store.take('s0')).toBeNull();
    expect(await store.take('s1')).not.toBeNull();
    expect(await store.take('last')).not.toBeNull();
    expect(await store.take('other')).not.toBeNull();
    await db.close();
  });

  test('a time step is accepted once, and never an older one', async () => {
    const { db } = await setUp();
    const store = new SqliteFactorStore(db);
    expect(await store.totp(issuer, 'ada')).toBeNull();
    expect(await store.acceptStep(issuer, 'ada', 5)).toBe(false);
    await store.enrolTotp(issuer, 'ada', 'sealed', 10, 77, ['h1', 'h2']);
    expect(await store.totp(issuer, 'ada')).toEqual({ sealedSecret: 'sealed', lastStep: 10, enrolledAt: 77 });
    const accepted = await Promise.all(Array.from({ length: 50 }, async () => store.acceptStep(issuer, 'ada', 11)));
    expect(accepted.filter(Boolean)).toHaveLength(1);
    expect(await store.acceptStep(issuer, 'ada', 10)).toBe(false);
    expect(await store.acceptStep(issuer, 'ada', 12)).toBe(true);
    await db.close();
  });

  test('a recovery code is used once, also by twenty at the same time, and only by its owner', async () => {
    const { db } = await setUp();
    const store = new SqliteFactorStore(db);
    await store.enrolTotp(issuer, 'ada', 'sealed', 1, 1, ['h1', 'h2']);
    expect(await store.useRecoveryCode(issuer, 'bob', 'h1')).toBe(false);
    const used = await Promise.all(Array.from({ length: 20 }, async () => store.useRecoveryCode(issuer, 'ada', 'h1')));
    expect(used.filter(Boolean)).toHaveLength(1);
    expect(await store.recoveryCodesLeft(issuer, 'ada')).toBe(1);
    await db.close();
  });

  test('an enrolment never replaces another; a reset makes room and voids the old codes', async () => {
    const { db } = await setUp();
    const store = new SqliteFactorStore(db);
    await store.enrolTotp(issuer, 'ada', 'first', 1, 1, ['old']);
    await expect(store.enrolTotp(issuer, 'ada', 'second', 2, 2, ['new'])).rejects.toThrow();
    expect(await store.totp(issuer, 'ada')).toMatchObject({ sealedSecret: 'first' });
    expect(await store.useRecoveryCode(issuer, 'ada', 'new')).toBe(false);
    expect(await store.remove(issuer, 'ada')).toBe(true);
    expect(await store.remove(issuer, 'ada')).toBe(false);
    await store.enrolTotp(issuer, 'ada', 'third', 3, 3, ['new']);
    expect(await store.useRecoveryCode(issuer, 'ada', 'old')).toBe(false);
    await db.close();
  });

  test('a grant is open from its beginning to its end, and after a restart', async () => {
    const { db, clock } = await setUp();
    const store = await SqliteGrantStore.open(db, clock);
    const now = clock.now();
    const grant = { id: 'g', issuer, sub: 'ada', reason: 'cardiac arrest', openedAt: now, expiresAt: now + minute };
    await store.open(grant);
    expect(store.current(issuer, 'ada', now)).toEqual(grant);
    expect(store.current(issuer, 'ada', now + minute - 1)).toEqual(grant);
    expect(store.current(issuer, 'ada', now + minute)).toBeNull();
    expect(store.current(issuer, 'ada', now - 1)).toBeNull();
    expect(store.current(issuer, 'bob', now)).toBeNull();
    const again = await SqliteGrantStore.open(db, clock);
    expect(again.current(issuer, 'ada', now)).toEqual(grant);
    clock.advance(minute + 1);
    expect((await SqliteGrantStore.open(db, clock)).current(issuer, 'ada', now)).toBeNull();
    await store.open({ ...grant, id: 'g2', sub: 'bob', openedAt: clock.now(), expiresAt: clock.now() + minute });
    expect(store.current(issuer, 'ada', now)).toBeNull();
    await db.close();
  });

  test('five failures block for a quarter of an hour, ten for half an hour, and a restart clears nothing', async () => {
    const { db, clock } = await setUp();
    let limiter = await SqliteAttemptLimiter.open(db, clock);
    for (let n = 1; n <= 4; n += 1) expect(await limiter.fail('ada')).toBe(0);
    expect(await limiter.blockedFor('ada')).toBe(0);
    expect(await limiter.fail('ada')).toBeGreaterThan(14.9 * minute);
    expect(await limiter.blockedFor('bob')).toBe(0);
    limiter = await SqliteAttemptLimiter.open(db, clock);
    expect(await limiter.blockedFor('ada')).toBeGreaterThan(14.9 * minute);
    clock.advance(15 * minute);
    expect(await limiter.blockedFor('ada')).toBe(0);
    for (let n = 6; n <= 9; n += 1) expect(await limiter.fail('ada')).toBe(0);
    expect(await limiter.fail('ada')).toBeGreaterThan(29.9 * minute);
    await limiter.clear('ada');
    expect(await limiter.blockedFor('ada')).toBe(0);
    expect(await (await SqliteAttemptLimiter.open(db, clock)).blockedFor('ada')).toBe(0);
    await db.close();
  });

  test('failures are forgotten a day after the last', async () => {
    const { db, clock } = await setUp();
    const limiter = await SqliteAttemptLimiter.open(db, clock);
    for (let n = 1; n <= 4; n += 1) await limiter.fail('ada');
    clock.advance(24 * 60 * minute);
    const later = await SqliteAttemptLimiter.open(db, clock);
    expect(await later.fail('ada')).toBe(0);
    await db.close();
  });

  test('an interaction is sealed, ends with its time, and is not written back once destroyed', async () => {
    const { db, clock, sealer } = await setUp();
    const store = new ExpressSessionStore(db, sealer, clock, 600);
    const call = async (run: (callback: (error: unknown, value?: unknown) => void) => void) =>
      new Promise((resolve, reject) => {
        run((error, value) => {
          if (error === undefined || error === null) resolve(value);
          else reject(error);
        });
      });
    const value = { cookie: { originalMaxAge: 1 }, note: 'secret-token' } as unknown as SessionData;
    await call((done) => {
      store.set('id', value, done);
    });
    expect(
      await call((done) => {
        store.get('id', done);
      }),
    ).toEqual(value);
    expect(
      await call((done) => {
        store.get('other', done);
      }),
    ).toBeNull();
    const [stored] = await db.run('sessions', [{ sql: 'SELECT * FROM interactions', params: [] }]);
    expect(JSON.stringify(stored?.rows)).not.toMatch(/secret-token|"id":"id"/);
    clock.advance(10 * minute);
    expect(
      await call((done) => {
        store.get('id', done);
      }),
    ).toBeNull();
    await call((done) => {
      store.destroy('id', done);
    });
    await call((done) => {
      store.set('id', value, done);
    });
    expect(
      await call((done) => {
        store.get('id', done);
      }),
    ).toBeNull();
    await expect(
      call((done) => {
        store.set('big', { cookie: {}, x: 'x'.repeat(70_000) } as unknown as SessionData, done);
      }),
    ).rejects.toThrow('65536 are allowed');
    await db.close();
    await expect(
      call((done) => {
        store.get('id', done);
      }),
    ).rejects.toMatchObject({ code: 'session-store-unavailable' });
  });

  test('the machine gives time that moves and ids that differ', () => {
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1000);
    expect(systemClock.monotonic()).toBeGreaterThan(0);
    expect(systemRandomness.id()).toMatch(/^[\w-]{43}$/);
    expect(systemRandomness.id()).not.toBe(systemRandomness.id());
  });
});
