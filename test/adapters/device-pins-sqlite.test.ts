// PINs in the embedded database: five tries however many come at once, sealed, bound to person and device, and gone with either.

import { expect, test } from 'vitest';
import { SqliteDeviceBook } from '../../src/adapters/device-book-sqlite.ts';
import { SqliteDevicePins } from '../../src/adapters/device-pins-sqlite.ts';
import { SqliteFactorStore } from '../../src/adapters/factor-store-sqlite.ts';
import { createMasterKey, FileSealer } from '../../src/adapters/sealer-file.ts';
import { FakeClock, FakeLog } from '../support/fake-ports.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { onEachEngine, openStateDb } from '../support/state-engines.ts';

const here = { device: 'd', issuer: 'https://op.example', sub: 'ada' };

async function setUp() {
  const directory = temporaryDirectory();
  createMasterKey(`${directory}/key`);
  const db = await openStateDb(directory);
  const pins = new SqliteDevicePins(db, new FileSealer(`${directory}/key`));
  return { directory, db, pins, clock: new FakeClock() };
}

onEachEngine(() => {
  test('only the right person at the right device has it', async () => {
    const { db, pins } = await setUp();
    await pins.set(here, '582917', 100);
    expect(await pins.has(here, 99)).toBe(true);
    expect(await pins.try(here, '582917', 99)).toEqual({ outcome: 'right' });
    for (const other of [
      { ...here, device: 'e' },
      { ...here, sub: 'bob' },
      { ...here, issuer: 'https://other.example' },
    ]) {
      expect(await pins.has(other, 0)).toBe(false);
      expect(await pins.try(other, '582917', 0)).toEqual({ outcome: 'none' });
    }
    expect([await pins.has(here, 100), (await pins.try(here, '582917', 100)).outcome]).toEqual([false, 'none']);
    await db.close();
  });

  test('thirty tries at the same time are five', async () => {
    const { db, pins } = await setUp();
    await pins.set(here, '582917', 100);
    const tries = await Promise.all(Array.from({ length: 30 }, async (_, at) => pins.try(here, String(300_000 + at), 0)));
    const wrong = tries.filter((one) => one.outcome === 'wrong');
    expect(new Set(wrong.map((one) => one.left))).toEqual(new Set([0, 1, 2, 3, 4]));
    expect(wrong).toHaveLength(5);
    expect([await pins.has(here, 0), (await pins.try(here, '582917', 0)).outcome]).toEqual([false, 'none']);
    await db.close();
  });

  test('the right one begins the count anew, and so does another PIN', async () => {
    const { db, pins } = await setUp();
    await pins.set(here, '582917', 100);
    for (let times = 0; times < 3; times += 1) {
      for (let wrong = 0; wrong < 4; wrong += 1) expect((await pins.try(here, '000000', 0)).outcome).toBe('wrong');
      expect((await pins.try(here, '582917', 0)).outcome).toBe('right');
    }
    for (let wrong = 0; wrong < 4; wrong += 1) await pins.try(here, '000000', 0);
    await pins.set(here, '204816', 101);
    expect(await pins.try(here, '582917', 0)).toEqual({ outcome: 'wrong', left: 4 });
    expect((await pins.try(here, '204816', 0)).outcome).toBe('right');
    await db.close();
  });

  test('a stolen row opens nothing without the key, and nothing of somebody else with it', async () => {
    const { directory, db, pins } = await setUp();
    await pins.set(here, '582917', 100);
    await pins.set({ ...here, sub: 'bob' }, '204816', 100);
    createMasterKey(`${directory}/other-key`);
    const stranger = new SqliteDevicePins(db, new FileSealer(`${directory}/other-key`));
    await expect(stranger.try(here, '582917', 0)).rejects.toThrow();
    const copy = "UPDATE device_pins SET sealed = (SELECT sealed FROM device_pins WHERE sub = 'bob') WHERE sub = 'ada'";
    await db.run('identity', [{ sql: copy, params: [] }]);
    await expect(pins.try(here, '204816', 0)).rejects.toThrow();
    const [stored] = await db.run('identity', [{ sql: 'SELECT * FROM device_pins', params: [] }]);
    expect(JSON.stringify(stored)).not.toMatch(/582917|204816/);
    await db.close();
  });

  test('it goes with the device, with the factors of its person, and by hand', async () => {
    const { db, pins, clock } = await setUp();
    const devices = await SqliteDeviceBook.open(db, clock, new FakeLog());
    const at = clock.now();
    await devices.register('k', { id: 'd', kind: 'shared', name: 'WS-OR2', application: 'ehr', owner: null, registeredAt: at, seenAt: at }); // prettier-ignore
    await pins.set(here, '582917', 100);
    await devices.remove('d');
    expect(await pins.has(here, 0)).toBe(false);

    await pins.set(here, '582917', 100);
    await pins.set({ ...here, sub: 'bob' }, '204816', 100);
    await new SqliteFactorStore(db).remove(here.issuer, here.sub);
    expect([await pins.has(here, 0), await pins.has({ ...here, sub: 'bob' }, 0)]).toEqual([false, true]);
    expect([await pins.remove({ ...here, sub: 'bob' }), await pins.remove(here)]).toEqual([true, false]);

    await pins.set(here, '582917', 100);
    await SqliteDeviceBook.open(db, clock, new FakeLog());
    expect(await pins.has(here, 0)).toBe(false);
    await db.close();
  });
});
