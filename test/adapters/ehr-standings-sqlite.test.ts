// The sessions' standings at the EHRs: there while the session lives, sealed on disk, and never back after its end.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { SqliteEhrStandings } from '../../src/adapters/ehr-standings-sqlite.ts';
import { openEmbeddedState } from '../../src/adapters/embedded-state.ts';
import { createMasterKey, FileSealer } from '../../src/adapters/sealer-file.ts';
import { SqliteSessionStore } from '../../src/adapters/session-store-sqlite.ts';
import type { StateDb } from '../../src/adapters/state-db.ts';
import { Fault } from '../../src/core/faults.ts';
import type { EhrStanding } from '../../src/ehr-ports.ts';
import { FakeClock, FakeLog } from '../support/fake-ports.ts';
import { sessionOf } from '../support/session-of.ts';
import { onEachEngine, openStateDb } from '../support/state-engines.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const standingOf = (value: string, generation = 1): EhrStanding => ({
  generation,
  standing: 'signed-on',
  jar: [
    { name: 'JSESSIONID', value, path: '/openemr', expiresAt: null },
    { name: 'lang', value: 'en', path: '/', expiresAt: 77 },
  ],
  signedOnAt: 1000,
});

/** A database that can refuse, as a full disk does. */
function breakable(db: StateDb) {
  const state = { broken: false };
  const run: StateDb['run'] = (name, statements) =>
    state.broken ? Promise.reject(new Fault('session-store-unavailable')) : db.run(name, statements);
  return { state, db: { run, close: () => db.close() } };
}

async function setUp(directory = temporaryDirectory(), keyFile = `${directory}/key`) {
  if (!existsSync(keyFile)) createMasterKey(keyFile);
  const real = await openStateDb(directory);
  const { state: disk, db } = breakable(real);
  const [clock, log, sealer] = [new FakeClock(), new FakeLog(), new FileSealer(keyFile)];
  const sessions = await SqliteSessionStore.open(real, clock, log, {
    touchStepMilliseconds: 60_000,
    judge: () => ({ standing: 'active' as const, locksAt: 0, endsAt: 0 }),
  });
  const standings = await SqliteEhrStandings.open({ db, sessions, sealer, clock, log });
  const stop = async () => {
    await standings.close();
    await sessions.close();
    await real.close();
  };
  return { directory, db: real, disk, clock, log, sealer, sessions, standings, stop };
}

async function rows(db: StateDb): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const [result] = await db.run('sessions', [{ sql: 'SELECT * FROM ehr_standings ORDER BY reference, application', params: [] }]);
  return result?.rows ?? [];
}

onEachEngine((onFile) => {
  test('a standing is there at once, belongs to session and application, and survives a restart sealed', async () => {
    const first = await setUp();
    const ada = sessionOf('a');
    await first.sessions.create(ada);
    await first.sessions.create(sessionOf('b'));
    expect(first.standings.get(ada, 'ehr')).toBeNull();
    first.standings.put(ada, 'ehr', standingOf('secret-1'));
    first.standings.put(ada, 'pacs', standingOf('secret-2'));
    expect(first.standings.get(ada, 'ehr')).toEqual(standingOf('secret-1'));
    expect(first.standings.get(sessionOf('b'), 'ehr')).toBeNull();
    await first.standings.flush();
    expect(JSON.stringify(await rows(first.db))).not.toMatch(/secret|JSESSIONID/);
    await first.stop();
    const second = await setUp(first.directory);
    expect(second.standings.get(ada, 'ehr')).toEqual(standingOf('secret-1'));
    expect(second.standings.get(ada, 'pacs')).toEqual(standingOf('secret-2'));
    await second.stop();
  });

  test('everything that a standing says is still said after a restart', async () => {
    const first = await setUp();
    const ada = sessionOf('a');
    await first.sessions.create(ada);
    const changing: EhrStanding = { ...standingOf('half', 3), standing: 'changing-password', passwordPage: '/change?first=1' };
    const byAccount: EhrStanding = { ...standingOf('open', 2), account: 'ward', signedOnBefore: 900 };
    const over: EhrStanding = { generation: 4, standing: 'ended', jar: [], signedOnAt: 7 };
    for (const [name, standing] of Object.entries({ changing, byAccount, over })) first.standings.put(ada, name, standing);
    await first.stop();
    const second = await setUp(first.directory);
    for (const [name, standing] of Object.entries({ changing, byAccount, over }))
      expect(second.standings.get(ada, name)).toEqual(standing);
    await second.stop();
  });

  test('closing writes what the last second brought, and the timer what comes before', async () => {
    const first = await setUp();
    await first.sessions.create(sessionOf('a'));
    first.standings.put(sessionOf('a'), 'ehr', standingOf('1'));
    await vi.waitUntil(async () => (await rows(first.db)).length === 1, { timeout: 5000 });
    first.standings.put(sessionOf('a'), 'ehr', standingOf('2', 2));
    await first.stop();
    const second = await setUp(first.directory);
    expect(second.standings.get(sessionOf('a'), 'ehr')).toEqual(standingOf('2', 2));
    await second.stop();
  });

  test('it goes along with a session whose key changes, also for who still holds the old one', async () => {
    const { sessions, standings, stop } = await setUp();
    const before = sessionOf('a');
    await sessions.create(before);
    standings.put(before, 'ehr', standingOf('1'));
    await sessions.rename('a', 'c', {});
    const after = sessionOf('c', { reference: 'ref-a' });
    expect(standings.get(after, 'ehr')).toEqual(standingOf('1'));
    // A sign-on that began before the step-up.
    standings.put(before, 'ehr', standingOf('2', 2));
    expect(standings.get(after, 'ehr')).toEqual(standingOf('2', 2));
    await stop();
  });

  test('nothing is put after the end, in memory or on disk', async () => {
    const first = await setUp();
    const ada = sessionOf('a');
    await first.sessions.create(ada);
    first.standings.put(ada, 'ehr', standingOf('1'));
    await first.standings.flush();
    await first.sessions.end('a', 'signed-out');
    expect(first.standings.get(ada, 'ehr')).toBeNull();
    first.standings.put(ada, 'ehr', standingOf('2'));
    first.standings.put(ada, 'pacs', standingOf('2'));
    expect(first.standings.get(ada, 'pacs')).toBeNull();
    await first.standings.flush();
    expect(await rows(first.db)).toEqual([]);
    await first.stop();
  });

  test('an end while a standing is on its way to the disk takes it off again', async () => {
    const { db, sessions, standings, stop } = await setUp();
    const ada = sessionOf('a');
    await sessions.create(ada);
    standings.put(ada, 'ehr', standingOf('1'));
    await Promise.all([standings.flush(), sessions.end('a', 'revoked')]);
    await standings.flush();
    expect(await rows(db)).toEqual([]);
    await stop();
  });

  test('whoever hears of the end can still take all there was, once', async () => {
    const { sessions, standings, stop } = await setUp();
    const taken: unknown[] = [];
    sessions.onEnd((session) => taken.push(standings.take(session)));
    for (const key of ['a', 'b']) await sessions.create(sessionOf(key));
    standings.put(sessionOf('a'), 'ehr', standingOf('1'));
    standings.put(sessionOf('a'), 'pacs', standingOf('2'));
    await sessions.end('a', 'idle');
    await sessions.end('b', 'idle');
    const all = new Map([['ehr', standingOf('1')], ['pacs', standingOf('2')]]); // prettier-ignore
    expect(taken).toEqual([all, new Map()]);
    expect(standings.take(sessionOf('a'))).toEqual(new Map());
    await stop();
  });

  test('what nobody takes is kept for a minute after the end and no longer', async () => {
    const { clock, sessions, standings, stop } = await setUp();
    for (const key of ['a', 'b']) {
      await sessions.create(sessionOf(key));
      standings.put(sessionOf(key), 'ehr', standingOf(key));
      await sessions.end(key, 'idle');
    }
    clock.advance(59_000);
    await standings.flush();
    expect(standings.take(sessionOf('a'))).toEqual(new Map([['ehr', standingOf('a')]]));
    clock.advance(1000);
    await standings.flush();
    expect(standings.take(sessionOf('b'))).toEqual(new Map());
    await stop();
  });

  test('what was taken from a living session is not put back, and another session of the person is not touched', async () => {
    const { db, sessions, standings, stop } = await setUp();
    const [ada, other] = [sessionOf('a'), sessionOf('b')];
    for (const one of [ada, other]) {
      await sessions.create(one);
      standings.put(one, 'ehr', standingOf(one.key));
    }
    await standings.flush();
    expect(standings.take(ada)).toEqual(new Map([['ehr', standingOf('a')]]));
    // The reply to a request that was on its way.
    standings.put(ada, 'ehr', standingOf('late'));
    expect(standings.get(ada, 'ehr')).toBeNull();
    await standings.flush();
    expect((await rows(db)).map((row) => row['reference'])).toEqual(['ref-b']);
    await sessions.end('a', 'signed-out');
    expect(standings.get(other, 'ehr')).toEqual(standingOf('b'));
    await stop();
  });

  test('a disk that refuses is told to the log, and what it refused is written with the next', async () => {
    const { db, disk, log, sessions, standings, stop } = await setUp();
    for (const key of ['a', 'b', 'c']) {
      await sessions.create(sessionOf(key));
      standings.put(sessionOf(key), 'ehr', standingOf('1'));
    }
    await standings.flush();
    disk.broken = true;
    standings.put(sessionOf('a'), 'ehr', standingOf('2', 2));
    standings.put(sessionOf('b'), 'pacs', standingOf('2'));
    standings.take(sessionOf('c'));
    await standings.flush();
    expect(log.said.map(({ level, message }) => [level, message])).toContainEqual([
      'warn',
      'Sessions at the EHR could not be written; they are tried again',
    ]);
    expect(await rows(db)).toHaveLength(3);
    standings.put(sessionOf('a'), 'pacs', standingOf('3'));
    await sessions.end('b', 'revoked');
    disk.broken = false;
    await standings.flush();
    expect((await rows(db)).map((row) => [row['reference'], row['application']])).toEqual([
      ['ref-a', 'ehr'],
      ['ref-a', 'pacs'],
    ]);
    await stop();
  });

  // Rows of a kind that PostgreSQL does not take in the first place.
  onFile('rows of sessions that are no more, moved rows and damaged ones are dropped, and said so', async () => {
    const first = await setUp();
    for (const key of ['a', 'b', 'gone']) {
      await first.sessions.create(sessionOf(key, { subject: { issuer: 'i', sub: key, name: key, displayName: key } }));
      first.standings.put(first.sessions.byReference(`ref-${key}`) ?? sessionOf(key), 'ehr', standingOf(key));
    }
    await first.stop();
    const between = await openStateDb(first.directory);
    await between.run('sessions', [
      { sql: `DELETE FROM sessions WHERE key = 'gone'`, params: [] },
      // Somebody with the file gives one person's session at the EHR to another.
      {
        sql: `INSERT INTO ehr_standings SELECT 'ref-b', 'pacs', sealed FROM ehr_standings WHERE reference = 'ref-a'`,
        params: [],
      },
      { sql: `INSERT INTO ehr_standings VALUES ('ref-b', 'other', 'v1.x.y.z.w')`, params: [] },
    ]);
    await between.close();
    const second = await setUp(first.directory);
    const [a, b] = ['a', 'b'].map((key) => second.sessions.byReference(`ref-${key}`) ?? sessionOf(key));
    expect(second.standings.get(a ?? sessionOf('a'), 'ehr')).toEqual(standingOf('a'));
    expect(second.standings.get(b ?? sessionOf('b'), 'ehr')).toEqual(standingOf('b'));
    expect(['pacs', 'other'].map((name) => second.standings.get(b ?? sessionOf('b'), name))).toEqual([null, null]);
    expect((await rows(second.db)).map((row) => row['reference'])).toEqual(['ref-a', 'ref-b']);
    expect(second.log.said.filter(({ level }) => level === 'error')).toHaveLength(2);
    await second.stop();
  });

  test('with its key gone a standing is dropped; the person signs on anew', async () => {
    const first = await setUp();
    await first.sessions.create(sessionOf('a'));
    first.standings.put(sessionOf('a'), 'ehr', standingOf('1'));
    await first.stop();
    const other = `${temporaryDirectory()}/key`;
    createMasterKey(other);
    const second = await setUp(first.directory, other);
    expect(second.standings.get(sessionOf('a'), 'ehr')).toBeNull();
    expect(await rows(second.db)).toEqual([]);
    expect(JSON.stringify(second.log.said)).toContain('could not be opened and was left out');
    await second.stop();
  });
});

test('a gateway that is killed loses what came after the last write, and nothing else', async () => {
  const directory = temporaryDirectory();
  createMasterKey(`${directory}/key`);
  const child = spawnSync(process.execPath, ['test/support/standings-crash-child.ts', directory], { encoding: 'utf8' });
  expect([child.signal, child.stderr]).toEqual(['SIGKILL', '']);
  const sealer = new FileSealer(`${directory}/key`);
  const options = { directory, sealer, clock: new FakeClock(), log: new FakeLog() };
  const state = await openEmbeddedState({
    ...options,
    touchStepMilliseconds: 60_000,
    judge: () => ({ standing: 'active' as const, locksAt: 0, endsAt: 0 }),
  });
  const ada = sessionOf('a');
  expect(state.standings.get(ada, 'ehr')).toMatchObject({ generation: 1, jar: [{ value: 'first' }] });
  expect(state.standings.get(ada, 'pacs')).toBeNull();
  await state.standings.put(ada, 'pacs', standingOf('3'));
  await state.close();
  const again = await openEmbeddedState({
    ...options,
    touchStepMilliseconds: 60_000,
    judge: () => ({ standing: 'active' as const, locksAt: 0, endsAt: 0 }),
  });
  expect(again.standings.get(ada, 'pacs')).toEqual(standingOf('3'));
  await again.close();
});
