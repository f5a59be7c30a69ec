// Known devices in the embedded database: found by the hash of their cookie, named once, forgotten when nobody uses them.

import { expect, test } from 'vitest';
import { SqliteDeviceBook } from '../../src/adapters/device-book-sqlite.ts';
import type { Device } from '../../src/device-ports.ts';
import { FakeClock, FakeLog } from '../support/fake-ports.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { onEachEngine, openStateDb } from '../support/state-engines.ts';

const day = 86_400_000;
const ada = { issuer: 'https://op.example', sub: 'ada' };

async function setUp() {
  const [db, clock, log] = [await openStateDb(temporaryDirectory()), new FakeClock(), new FakeLog()];
  const reopen = async () => SqliteDeviceBook.open(db, clock, log);
  const device = (id: string, over: Partial<Device> = {}): Device => {
    const at = clock.now();
    return { id, kind: 'shared', name: id, application: 'ehr', owner: null, registeredAt: at, seenAt: at, ...over };
  };
  return { db, clock, log, reopen, device, book: await reopen() };
}

onEachEngine(() => {
  test('a device is found by its key alone, here and after a restart, until it is removed', async () => {
    const { db, book, reopen, device } = await setUp();
    const desk = device('WS-OR2');
    const own = device('Laptop', { kind: 'own', owner: ada });
    expect([await book.register('key', desk), await book.register('other', own)]).toEqual([true, true]);
    const again = await reopen();
    for (const one of [book, again]) {
      expect([one.find('key'), one.find('other'), one.find('WS-OR2')]).toEqual([desk, own, null]);
      expect(one.at('ehr').map(({ name }) => name)).toEqual(['Laptop', 'WS-OR2']);
      expect(one.at('pacs')).toEqual([]);
    }
    expect([await book.remove(desk.id), await book.remove(desk.id), book.find('key')]).toEqual([true, false, null]);
    expect((await reopen()).find('key')).toBeNull();
    await db.close();
  });

  test('a shared name is used once at an application, by any spelling, also by two at the same time', async () => {
    const { db, book, device } = await setUp();
    const both = await Promise.all([
      book.register('a', device('1', { name: 'WS-OR2' })),
      book.register('b', device('2', { name: 'ws-or2' })),
    ]);
    expect(both).toEqual([true, false]);
    expect(book.problem(device('3', { name: 'Ws-Or2' }))).toBe('name-taken');
    expect(book.problem(device('4', { name: 'WS-OR2', application: 'pacs' }))).toBeNull();
    expect(book.problem(device('5', { name: 'WS-OR2', kind: 'own', owner: ada }))).toBeNull();
    await db.close();
  });

  test('a person has five of their own, and nobody loses a place to them', async () => {
    const { db, book, device } = await setUp();
    for (let number = 0; number < 5; number += 1)
      expect(await book.register(`k${number}`, device(`d${number}`, { kind: 'own', owner: ada }))).toBe(true);
    const sixth = device('d5', { kind: 'own', owner: ada });
    expect([book.problem(sixth), await book.register('k5', sixth)]).toEqual(['too-many', false]);
    expect(book.problem(device('d6', { kind: 'own', owner: { ...ada, sub: 'bob' } }))).toBeNull();
    await db.close();
  });

  test('a device that nobody signed in on for 400 days is forgotten, one in use never', async () => {
    const { db, clock, book, reopen, device } = await setUp();
    await book.register('idle', device('idle'));
    await book.register('used', device('used'));
    clock.advance(day / 2);
    await book.seen('used', clock.now());
    expect(book.find('used')?.seenAt).toBe(book.find('used')?.registeredAt);
    clock.advance(200 * day);
    await book.seen('used', clock.now());
    await book.seen('unknown', clock.now());
    clock.advance(201 * day);
    const again = await reopen();
    expect([again.find('idle'), again.find('used')?.name]).toEqual([null, 'used']);
    await db.close();
  });

  test('what the disk did not take is not known, and a damaged row is left out and said so', async () => {
    const { db, log, book, reopen, device } = await setUp();
    await book.register('key', device('one'));
    await expect(book.register('key', device('two'))).rejects.toThrow();
    expect(book.at('ehr').map(({ id }) => id)).not.toContain('two');
    await db.run('identity', [{ sql: "UPDATE devices SET kind = 'borrowed'", params: [] }]);
    expect((await reopen()).at('ehr')).toEqual([]);
    expect(JSON.stringify(log)).toContain('A damaged device was left out');
    await db.close();
  });
});
