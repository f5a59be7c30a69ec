// What two gateways over one store know of each other's doings: who is let through, who is held, which devices are known, how often
// somebody may guess. Each store is opened once for each of them.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { SqliteAttemptLimiter } from '../../src/adapters/attempt-limiter-sqlite.ts';
import { SqliteAcknowledgements } from '../../src/adapters/acknowledgements-sqlite.ts';
import { SqliteDeskPeople } from '../../src/adapters/desk-people-sqlite.ts';
import { SqliteDeviceBook } from '../../src/adapters/device-book-sqlite.ts';
import { SqliteGrantStore } from '../../src/adapters/grant-store-sqlite.ts';
import { openPatientKey, patientToken } from '../../src/adapters/patient-key.ts';
import { SqliteRestrictions } from '../../src/adapters/restrictions-sqlite.ts';
import { createMasterKey, FileSealer } from '../../src/adapters/sealer-file.ts';
import type { StateDb } from '../../src/adapters/state-db.ts';
import type { Restriction } from '../../src/core/respond/restriction.ts';
import type { Device } from '../../src/device-ports.ts';
import type { SharedParts } from '../../src/shared-ports.ts';
import { OneAtATime } from '../../src/sign-in/one-at-a-time.ts';
import { FakeLog } from '../support/fake-ports.ts';
import { GatewaysTogether } from '../support/gateways-together.ts';
import type { GatewayOfSeveral } from '../support/gateways-together.ts';
import { onEachEngine, openStateDb } from '../support/state-engines.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const minute = 60_000;
const ada = { issuer: 'https://op.example', sub: 'ada', name: 'ada' };
const bob = { issuer: 'https://op.example', sub: 'bob', name: 'bob' };

/** Stands still. */
class StillClock {
  time = 1_800_000_000_000;
  now(): number {
    return this.time;
  }
  monotonic(): number {
    return this.time;
  }
  advance(milliseconds: number): void {
    this.time += milliseconds;
  }
}

let directory: string;
let db: StateDb;
let clock: StillClock;
let together: GatewaysTogether;
let [here, there]: [GatewayOfSeveral, GatewayOfSeveral] = [null as never, null as never];
/** Statements fail while it says so. */
let broken: boolean;
let reads: number;

beforeEach(async () => {
  directory = temporaryDirectory();
  db = await openStateDb(directory);
  [clock, together, broken, reads] = [new StillClock(), new GatewaysTogether(), false, 0];
  [here, there] = [together.gateway(), together.gateway()];
});
afterEach(() => db.close());

/** The store as the second gateway reaches it. */
const reached: StateDb = {
  run: async (name, statements) => {
    reads += 1;
    if (broken) throw new Error('The database is gone');
    return db.run(name, statements);
  },
  close: () => Promise.resolve(),
};

/** One store for each gateway. */
async function both<T>(open: (at: StateDb, shared: SharedParts) => Promise<T>): Promise<[T, T]> {
  return [await open(db, here), await open(reached, there)];
}

const grant = (person: typeof ada, id = person.sub) => ({
  id,
  issuer: person.issuer,
  sub: person.sub,
  reason: 'cardiac arrest',
  openedAt: clock.now(),
  expiresAt: clock.now() + 60 * minute,
});
const grants = () => both((at, shared) => SqliteGrantStore.open(at, clock, shared));

const block = (alert: number, person = ada): Restriction => ({
  alert,
  kind: 'block',
  person,
  detector: 'two-places',
  since: clock.now(),
  until: null,
});

const device = (id: string, over: Partial<Device> = {}): Device => ({
  id,
  kind: 'shared',
  name: id,
  application: 'ehr',
  owner: null,
  registeredAt: clock.now(),
  seenAt: clock.now(),
  ...over,
});

onEachEngine(() => {
  test('a grant that one gateway opens or ends counts at the other at once', async () => {
    const [one, other] = await grants();
    await one.open(grant(ada));
    expect(await other.current(ada.issuer, 'ada', clock.now())).toEqual(grant(ada));
    expect(await other.endOf(ada.issuer, 'ada', clock.now())).toBe(1);
    expect(await one.current(ada.issuer, 'ada', clock.now())).toBeNull();
  });

  test.each([
    ['a second ahead', 1000, true],
    ['an hour ahead', 60 * minute, false],
  ])('a grant of a gateway whose clock is %s', async (_what, ahead, counts) => {
    const [one, other] = await grants();
    await one.open({ ...grant(ada), openedAt: clock.now() + ahead, expiresAt: clock.now() + 2 * 60 * minute });
    expect((await other.current(ada.issuer, 'ada', clock.now())) !== null).toBe(counts);
  });

  test('"there is no grant" is said once what was told is heard, and never while nothing can be', async () => {
    const [one, other] = await grants();
    together.held = true;
    await one.open(grant(ada));
    expect(await other.current(ada.issuer, 'ada', clock.now())).toBeNull();
    await other.latest();
    expect(await other.current(ada.issuer, 'ada', clock.now())).not.toBeNull();
    there.part();
    await expect(other.latest()).rejects.toMatchObject({ code: 'session-store-unavailable' });
  });

  test('a grant that another gateway told of and that cannot be read is neither there nor not there, for its person alone', async () => {
    const [one, other] = await grants();
    await one.open(grant(bob));
    await other.latest();
    broken = true;
    await one.open(grant(ada));
    await expect(Promise.resolve(other.current(ada.issuer, 'ada', clock.now()))).rejects.toThrow('gone');
    expect(await other.current(bob.issuer, 'bob', clock.now())).not.toBeNull();
    broken = false;
    expect(await other.current(ada.issuer, 'ada', clock.now())).not.toBeNull();
  });

  test('whoever may have missed something reads everything again, and nobody reads where nothing was told', async () => {
    const [one, other] = await grants();
    there.part();
    await one.open(grant(ada));
    await there.join();
    const before = reads;
    for (const sub of ['ada', 'bob', 'ada']) await other.current(ada.issuer, sub, clock.now());
    expect([await other.current(ada.issuer, 'ada', clock.now()), reads - before]).toEqual([grant(ada), 0]);
  });

  test('a grant that is opened while others are read is not lost by the reading', async () => {
    const [one, other] = await grants();
    await Promise.all([one, other].flatMap((store, n) => [0, 1, 2].map((k) => store.open(grant({ ...ada, sub: `${n}${k}` })))));
    for (const store of [one, other]) {
      await store.latest();
      for (const sub of ['00', '01', '02', '10', '11', '12'])
        expect(await store.current(ada.issuer, sub, clock.now())).toMatchObject({ sub });
    }
  });

  test('who is held at one gateway is at the other, and is let go there too, once', async () => {
    const [one, other] = await both((at, shared) => SqliteRestrictions.open(at, clock, shared));
    await one.impose(block(7));
    expect([await other.of(ada, clock.now()), await other.of(bob, clock.now())]).toEqual([[block(7)], []]);
    together.held = true;
    const lifted = await Promise.all([other.lift(block(7), clock.now()), one.lift(block(7), clock.now())]);
    expect(lifted.filter(Boolean)).toHaveLength(1);
    for (const store of [one, other]) {
      await store.latest();
      expect([await store.of(ada, clock.now()), store.all(clock.now())]).toEqual([[], []]);
    }
    await one.impose(block(7));
    await other.latest();
    expect(await other.of(ada, clock.now())).toEqual([]);
  });

  test('a device is known and forgotten at both, and a name is given once', async () => {
    const [one, other] = await both((at, shared) => SqliteDeviceBook.open(at, clock, new FakeLog(), shared));
    await one.register('key', device('WS-OR2'));
    await other.latest();
    expect(other.find('key')).toEqual(device('WS-OR2'));
    together.held = true;
    const named = [one.register('a', device('1', { name: 'Ward 3' })), other.register('b', device('2', { name: 'ward 3' }))];
    expect((await Promise.all(named)).filter(Boolean)).toHaveLength(1);
    const removed = await Promise.all([other.remove('WS-OR2'), one.remove('WS-OR2')]);
    expect(removed.filter(Boolean)).toHaveLength(1);
    for (const store of [one, other]) {
      await store.latest();
      expect([store.find('key'), store.at('ehr').map(({ name }) => name.toLowerCase())]).toEqual([null, ['ward 3']]);
    }
  });

  test('a device that nobody used for 400 days is forgotten by all when one starts', async () => {
    const [one] = await both((at, shared) => SqliteDeviceBook.open(at, clock, new FakeLog(), shared));
    await one.register('key', device('old'));
    clock.advance(401 * 86_400_000);
    await SqliteDeviceBook.open(db, clock, new FakeLog(), there);
    await one.latest();
    expect(one.find('key')).toBeNull();
  });

  test('the list of a desk is one list', async () => {
    const log = new FakeLog();
    const [one, other] = await both((at) => SqliteDeskPeople.open({ db: at, clock, log }));
    const named = (person: typeof ada) => ({ ...person, displayName: person.name });
    await one.add('desk', named(ada));
    clock.advance(minute);
    await other.add('desk', named(bob));
    const names = async (store: SqliteDeskPeople) => (await store.of('desk')).map(({ name }) => name);
    expect([await names(one), await names(other)]).toEqual([
      ['bob', 'ada'],
      ['bob', 'ada'],
    ]);
    await one.remove('desk', bob);
    await one.add('desk', { ...named(ada), displayName: 'Ada L.' });
    expect((await other.of('desk')).map(({ displayName }) => displayName)).toEqual(['Ada L.']);
    expect(await other.of('elsewhere')).toEqual([]);
    broken = true;
    await other.add('desk', named(bob));
    expect([await names(other), log.said.length]).toEqual([[], 2]);
    broken = false;
    clock.advance(12 * 60 * minute);
    expect(await names(await SqliteDeskPeople.open({ db, clock, log }))).toEqual([]);
  });

  test('what was acknowledged at one gateway is not due at the other', async () => {
    const [one, other] = await both(async (at) => Promise.resolve(new SqliteAcknowledgements(at)));
    const text = { id: 'a', version: '1', hash: 'h' };
    expect((await other.said(ada)).acknowledged).toEqual([]);
    await one.acknowledge(ada, text, 5);
    expect((await other.latest(ada)).acknowledged).toEqual([{ ...text, at: 5 }]);
    expect((await other.said(ada)).acknowledged).toHaveLength(1);
  });

  test('guesses at two gateways are counted together, however they come, and a block holds at both', async () => {
    const limiters = await both((at) => SqliteAttemptLimiter.open(at, clock));
    const [one, other] = limiters;
    const turns = limiters.map((_, n) => new OneAtATime([here, there][n]?.turns));
    let tries = 0;
    const guess = async (n: number): Promise<void> => {
      await turns[n % 2]?.run('ada', async () => {
        if ((await limiters[n % 2]?.blockedFor('ada')) !== 0) return;
        tries += 1;
        await limiters[n % 2]?.fail('ada');
      });
    };
    await Promise.all(Array.from({ length: 20 }, async (_, n) => guess(n)));
    expect(tries).toBe(5);
    for (const limiter of limiters) expect(await limiter.blockedFor('ada')).toBe(15 * minute);
    clock.advance(15 * minute);
    for (let n = 6; n <= 9; n += 1) expect(await limiters[n % 2]?.fail('ada')).toBe(0);
    expect([await one.fail('ada'), await other.blockedFor('ada')]).toEqual([30 * minute, 30 * minute]);
    await other.clear('ada');
    expect(await one.blockedFor('ada')).toBe(0);
  });

  test('every fifth failure in a row blocks for twice as long, at most a day, and a day without one forgets them all', async () => {
    const limiter = await SqliteAttemptLimiter.open(db, clock);
    const blocks: number[] = [];
    for (let n = 1; n <= 50; n += 1) {
      const left = await limiter.fail('ada');
      if (left > 0) blocks.push(left / minute);
      clock.advance(left);
    }
    expect(blocks).toEqual([15, 30, 60, 120, 240, 480, 960, 1440, 1440, 1440]);
    clock.advance(24 * 60 * minute);
    for (let n = 1; n <= 4; n += 1) expect(await limiter.fail('ada')).toBe(0);
    expect(await limiter.fail('ada')).toBe(15 * minute);
  });

  test('gateways that start at the same time make one key of patient tokens', async () => {
    createMasterKey(`${directory}/key`);
    const sealer = new FileSealer(`${directory}/key`);
    const keys = await Promise.all(Array.from({ length: 4 }, async () => openPatientKey(db, sealer)));
    expect(new Set(keys.map((key) => patientToken(key, '4711'))).size).toBe(1);
  });
});
