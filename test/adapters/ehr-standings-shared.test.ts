// The sessions' standings at the EHRs where several gateways have them in common: what one changes the other has, what both
// change is put together, and after the end of a session one of them takes what there was.

import { expect, test } from 'vitest';
import { openEhrState } from '../../src/adapters/open-ehr-state.ts';
import { createMasterKey, FileSealer } from '../../src/adapters/sealer-file.ts';
import { SqliteSessionStore } from '../../src/adapters/session-store-sqlite.ts';
import type { StateDb } from '../../src/adapters/state-db.ts';
import { Fault } from '../../src/core/faults.ts';
import type { EhrStanding } from '../../src/ehr-ports.ts';
import type { Session } from '../../src/ports.ts';
import { FakeClock, FakeLog } from '../support/fake-ports.ts';
import { GatewaysTogether } from '../support/gateways-together.ts';
import { sessionOf } from '../support/session-of.ts';
import { onEachEngine, openStateDb } from '../support/state-engines.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const cookie = (name: string, value: string) => ({ name, value, path: '/', expiresAt: null });

const standingOf = (value: string, generation = 1): EhrStanding => ({
  generation,
  standing: 'signed-on',
  jar: [cookie('SID', value)],
  signedOnAt: 1000,
});

/** Two gateways over one database. Which sessions there are both of them know, as their own stores tell them. */
async function setUp() {
  const directory = temporaryDirectory();
  createMasterKey(`${directory}/key`);
  const real = await openStateDb(directory);
  const [clock, log, sealer] = [new FakeClock(), new FakeLog(), new FileSealer(`${directory}/key`)];
  const judge = () => ({ standing: 'active' as const, locksAt: 0, endsAt: 0 });
  const sessions = await SqliteSessionStore.open(real, clock, log, { touchStepMilliseconds: 60_000, judge });
  const together = new GatewaysTogether();
  const open = async () => {
    const gateway = together.gateway();
    const disk = { broken: false };
    const db: StateDb = {
      run: async (name, statements) =>
        disk.broken ? Promise.reject(new Fault('session-store-unavailable')) : real.run(name, statements),
      close: async () => real.close(),
    };
    const { standings } = await openEhrState({ db, sessions, sealer, clock, log }, gateway);
    return { gateway, standings, disk };
  };
  const ada = sessionOf('a');
  await sessions.create(ada);
  const [one, two] = [await open(), await open()];
  const stop = async () => {
    await one.standings.close();
    await two.standings.close();
    await sessions.close();
    await real.close();
  };
  const rows = async () => (await real.run('sessions', [{ sql: 'SELECT * FROM ehr_standings', params: [] }]))[0]?.rows ?? [];
  return { ada, clock, log, one, two, open, together, sessions, rows, db: real, stop };
}

type Gateway = Awaited<ReturnType<typeof setUp>>['one'];

/** As a reply does it: on what this gateway has. */
async function addCookie({ standings }: Gateway, session: Session, name: string, value: string): Promise<void> {
  const now = standings.get(session, 'ehr') ?? expect.fail('There is no standing');
  await standings.put(session, 'ehr', { ...now, jar: [...now.jar.filter((one) => one.name !== name), cookie(name, value)] });
}

const cookies = (standing: EhrStanding | null) => standing?.jar.map(({ name, value }) => `${name}=${value}`);

onEachEngine(() => {
  test('what one gateway puts the other has with its next look, and it lies there sealed', async () => {
    const { ada, one, two, rows, stop } = await setUp();
    expect(await two.standings.current(ada, 'ehr')).toBeNull();
    await one.standings.put(ada, 'ehr', standingOf('secret'));
    expect(await two.standings.current(ada, 'ehr')).toEqual(standingOf('secret'));
    expect(await two.standings.current(ada, 'pacs')).toBeNull();
    await addCookie(two, ada, 'theme', 'dark');
    expect(cookies(await one.standings.current(ada, 'ehr'))).toEqual(['SID=secret', 'theme=dark']);
    expect(JSON.stringify(await rows())).not.toMatch(/secret|dark/);
    await stop();
  });

  test('cookies that two gateways set at once are both kept, and one that the EHR took back is gone', async () => {
    const { ada, one, two, together, stop } = await setUp();
    await one.standings.put(ada, 'ehr', standingOf('s'));
    await two.standings.current(ada, 'ehr');
    together.held = true;
    await Promise.all([addCookie(one, ada, 'a', '1'), addCookie(two, ada, 'b', '2')]);
    const now = one.standings.get(ada, 'ehr') ?? expect.fail('There is no standing');
    await one.standings.put(ada, 'ehr', { ...now, jar: now.jar.filter(({ name }) => name !== 'SID') });
    together.deliver();
    const seen = [await one.standings.current(ada, 'ehr'), await two.standings.current(ada, 'ehr')].map(cookies);
    expect(seen[0]?.toSorted()).toEqual(['a=1', 'b=2']);
    expect(seen[1]).toEqual(seen[0]);
    await stop();
  });

  test('what comes late for an earlier sign-on changes nothing of the later one', async () => {
    const { ada, one, two, together, stop } = await setUp();
    await one.standings.put(ada, 'ehr', standingOf('first'));
    await two.standings.current(ada, 'ehr');
    together.held = true;
    await one.standings.put(ada, 'ehr', standingOf('second', 2));
    await addCookie(two, ada, 'late', '1');
    expect(two.standings.get(ada, 'ehr')).toEqual(standingOf('second', 2));
    expect(cookies(await one.standings.current(ada, 'ehr'))).toEqual(['SID=second']);
    await stop();
  });

  test('an end that one gateway noticed is not undone by a cookie that came at the other', async () => {
    const { ada, one, two, together, stop } = await setUp();
    await one.standings.put(ada, 'ehr', standingOf('s'));
    await two.standings.current(ada, 'ehr');
    together.held = true;
    const over: EhrStanding = { ...standingOf('s'), standing: 'ended', jar: [] };
    await one.standings.put(ada, 'ehr', over);
    await addCookie(two, ada, 'late', '1');
    expect(await two.standings.current(ada, 'ehr')).toEqual(over);
    await stop();
  });

  test('of two sign-ons that did not know of each other the second one sees that it does not count', async () => {
    const { ada, one, two, together, stop } = await setUp();
    together.held = true;
    const mine = { ...standingOf('two'), signedOnAt: 2000 };
    await Promise.all([one.standings.put(ada, 'ehr', standingOf('one')), two.standings.put(ada, 'ehr', mine)]);
    together.deliver();
    const [a, b] = [await one.standings.current(ada, 'ehr'), await two.standings.current(ada, 'ehr')];
    expect(a).toEqual(b);
    expect([standingOf('one'), mine]).toContainEqual(a);
    await stop();
  });

  test('after the end one gateway takes all there was, and nobody puts anything back', async () => {
    const { ada, one, two, sessions, rows, stop } = await setUp();
    await one.standings.put(ada, 'ehr', standingOf('s'));
    await two.standings.current(ada, 'ehr');
    await addCookie(two, ada, 'b', '2');
    await sessions.end('a', 'signed-out');
    const taken = await Promise.all([one.standings.take(ada), two.standings.take(ada)]);
    const something = taken.filter(({ size }) => size > 0);
    expect(something.map((all) => cookies(all.get('ehr') ?? null))).toEqual([['SID=s', 'b=2']]);
    await two.standings.put(ada, 'ehr', standingOf('late', 2));
    expect([one, two].map(({ standings }) => standings.get(ada, 'ehr'))).toEqual([null, null]);
    expect(await rows()).toEqual([]);
    await stop();
  });

  test('a gateway that has not heard of the end brings nothing back', async () => {
    const { ada, one, two, db, rows, stop } = await setUp();
    await one.standings.put(ada, 'ehr', standingOf('s'));
    await two.standings.current(ada, 'ehr');
    await db.run('sessions', [{ sql: `DELETE FROM sessions WHERE key = 'a'`, params: [] }]);
    await one.standings.take(ada);
    await addCookie(two, ada, 'late', '1');
    await two.standings.put(ada, 'pacs', standingOf('late'));
    expect(await rows()).toEqual([]);
    expect([two.standings.get(ada, 'ehr'), two.standings.get(ada, 'pacs')]).toEqual([null, null]);
    await stop();
  });

  test('what may have been missed is read again, and a gateway that hears nothing says so', async () => {
    const { ada, one, two, stop } = await setUp();
    await one.standings.put(ada, 'ehr', standingOf('s'));
    await two.standings.current(ada, 'ehr');
    two.gateway.part();
    await one.standings.put(ada, 'ehr', standingOf('t', 2));
    await expect(two.standings.current(ada, 'pacs')).rejects.toMatchObject({ code: 'session-store-unavailable' });
    await two.gateway.join();
    expect(await two.standings.current(ada, 'ehr')).toEqual(standingOf('t', 2));
    await stop();
  });

  test('a row that cannot be read is not taken for none', async () => {
    const { ada, one, two, stop } = await setUp();
    await one.standings.put(ada, 'ehr', standingOf('s'));
    two.disk.broken = true;
    await expect(two.standings.current(ada, 'ehr')).rejects.toMatchObject({ code: 'session-store-unavailable' });
    two.disk.broken = false;
    expect(await two.standings.current(ada, 'ehr')).toEqual(standingOf('s'));
    await stop();
  });

  test('with the database gone people go on, and what changed meanwhile is written later', async () => {
    const { ada, one, two, log, sessions, rows, stop } = await setUp();
    const bob = sessionOf('b');
    await sessions.create(bob);
    for (const session of [ada, bob]) await one.standings.put(session, 'ehr', standingOf(session.key));
    one.disk.broken = true;
    await addCookie(one, ada, 'c', '3');
    expect(cookies(await one.standings.current(ada, 'ehr'))).toEqual(['SID=a', 'c=3']);
    await sessions.end('b', 'revoked');
    expect(cookies((await one.standings.take(bob)).get('ehr') ?? null)).toEqual(['SID=b']);
    await one.standings.flush();
    expect(log.said.map(({ message }) => message)).toContain('Sessions at the EHR could not be written; they are tried again');
    one.disk.broken = false;
    await one.standings.flush();
    expect(cookies(await two.standings.current(ada, 'ehr'))).toEqual(['SID=a', 'c=3']);
    expect((await rows()).map((row) => row['reference'])).toEqual(['ref-a']);
    await stop();
  });

  test('what nobody takes goes a minute after the end; what a broken gateway left, with the next start', async () => {
    const { ada, clock, db, one, open, sessions, rows, stop } = await setUp();
    await one.standings.put(ada, 'ehr', standingOf('s'));
    await sessions.end('a', 'idle');
    await one.standings.flush();
    expect(await rows()).toHaveLength(1);
    clock.advance(60_000);
    await one.standings.flush();
    expect(await rows()).toEqual([]);
    const left = `INSERT INTO ehr_standings (reference, application, sealed) VALUES ('ref-gone', 'ehr', 'x')`;
    await db.run('sessions', [{ sql: left, params: [] }]);
    const third = await open();
    expect(await rows()).toEqual([]);
    await third.standings.close();
    await stop();
  });

  test('a standing that cannot be opened is left out and said so, and the next sign-on takes its place', async () => {
    const { ada, db, log, one, two, stop } = await setUp();
    const moved = `INSERT INTO ehr_standings (reference, application, sealed) VALUES ('ref-a', 'ehr', 'v1.x.y.z.w')`;
    await db.run('sessions', [{ sql: moved, params: [] }]);
    expect(await one.standings.current(ada, 'ehr')).toBeNull();
    expect(JSON.stringify(log.said)).toContain('could not be opened and was left out');
    await one.standings.put(ada, 'ehr', standingOf('s'));
    expect(await two.standings.current(ada, 'ehr')).toEqual(standingOf('s'));
    await stop();
  });
});
