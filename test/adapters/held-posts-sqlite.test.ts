// Held posts: sealed to their person, bounded for each and for all, gone by the clock, and taken once whatever happens.

import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SqliteHeldPosts } from '../../src/adapters/held-posts-sqlite.ts';
import { reseal } from '../../src/adapters/reseal.ts';
import { rotateMasterKey } from '../../src/adapters/rotate-master-key.ts';
import { createMasterKey, FileSealer } from '../../src/adapters/sealer-file.ts';
import { SqliteSessionStore } from '../../src/adapters/session-store-sqlite.ts';
import type { StateDb } from '../../src/adapters/state-db.ts';
import { Fault } from '../../src/core/faults.ts';
import type { HeldContent } from '../../src/held-ports.ts';
import { FakeClock, FakeLog } from '../support/fake-ports.ts';
import { sessionOf } from '../support/session-of.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { onEachEngine, openStateDb } from '../support/state-engines.ts';

const ada = { issuer: 'https://id.example', sub: 'ada' };
const bob = { issuer: 'https://id.example', sub: 'bob' };
const minute = 60_000;
const content = (text: string): HeldContent => ({
  target: '/chart/notes?pid=7',
  origin: 'https://ehr.example',
  contentType: 'text/plain',
  body: Buffer.from(text),
});

async function setUp(directory = temporaryDirectory()) {
  const keyFile = `${directory}/key`;
  if (!existsSync(keyFile)) createMasterKey(keyFile);
  const real = await openStateDb(directory);
  const disk = { broken: false };
  const run: StateDb['run'] = (name, statements) =>
    disk.broken ? Promise.reject(new Fault('session-store-unavailable')) : real.run(name, statements);
  const db: StateDb = { run, close: () => real.close() };
  const [clock, log, sealer] = [new FakeClock(), new FakeLog(), new FileSealer(keyFile)];
  const sessions = await SqliteSessionStore.open(real, clock, log, {
    touchStepMilliseconds: 60_000,
    judge: () => ({ standing: 'active' as const, locksAt: 0, endsAt: 0 }),
  });
  const expired: string[] = [];
  const limits = { heldPostsPerPerson: 2, heldPostBytesInAll: 100 };
  const onExpired = ({ id }: { readonly id: string }): void => void expired.push(id);
  const held = await SqliteHeldPosts.open({ db, sessions, sealer, clock, log, limits, onExpired });
  const stop = async (): Promise<void> => {
    await held.close();
    await sessions.close();
    await real.close();
  };
  return { directory, keyFile, db: real, disk, clock, log, sealer, sessions, held, expired, stop };
}

onEachEngine((onFile) => {
  test('a post is its person’s alone, in its application, and lies sealed across a restart', async () => {
    const first = await setUp();
    await first.held.hold('one', ada, 'ehr', content('The wound is dry'));
    await first.held.hold('two', bob, 'ehr', content('Not for Ada'));
    const [rows] = await first.db.run('identity', [{ sql: 'SELECT * FROM held_posts', params: [] }]);
    expect(JSON.stringify(rows)).not.toMatch(/wound|notes|Ada/);
    await first.stop();
    const { held, db, log, stop } = await setUp(first.directory);
    expect(await held.open(ada, 'ehr', 'one')).toEqual(content('The wound is dry'));
    expect(held.of(ada, 'ehr').map(({ id }) => id)).toEqual(['one']);
    for (const [who, application, id] of [
      [ada, 'ehr', 'two'],
      [ada, 'pacs', 'one'],
      [bob, 'ehr', 'one'],
      [ada, 'ehr', 'no'],
    ] as const) {
      expect(await held.open(who, application, id)).toBeNull();
      expect(await held.discard(who, application, id)).toBe(false);
    }
    // Somebody who writes the store moves a row to another person: it does not open.
    await db.run('identity', [
      { sql: "UPDATE held_posts SET sealed = (SELECT sealed FROM held_posts WHERE id = 'two') WHERE id = 'one'", params: [] },
    ]);
    expect([await held.open(ada, 'ehr', 'one'), log.said.length]).toEqual([null, 1]);
    expect(await held.discard(ada, 'ehr', 'one')).toBe(true);
    expect(held.of(ada, 'ehr')).toEqual([]);
    await stop();
  });

  test('it is taken once, also by two at a time and after a restart', async () => {
    const first = await setUp();
    await first.held.hold('one', ada, 'ehr', content('x'));
    expect(await Promise.all([first.held.take('one'), first.held.take('one')])).toEqual([true, false]);
    await first.stop();
    const second = await setUp(first.directory);
    expect(await second.held.take('one')).toBe(false);
    expect(second.held.of(ada, 'ehr')).toMatchObject([{ status: null, takenAt: expect.any(Number) }]);
    await second.held.answered('one', 200);
    await second.held.answered('no', 200);
    expect(second.held.of(ada, 'ehr')).toMatchObject([{ status: 200 }]);
    await second.stop();
  });

  test('a disk that refuses the taking leaves it unsent for good', async () => {
    const { held, disk, stop } = await setUp();
    await held.hold('one', ada, 'ehr', content('x'));
    disk.broken = true;
    await expect(held.take('one')).rejects.toThrow(Fault);
    disk.broken = false;
    expect(await held.take('one')).toBe(false);
    await stop();
  });

  test('there is room for so many of one person, and for so much of all', async () => {
    const { held, stop } = await setUp();
    const leave = held.reserve(ada, 10);
    await held.hold('one', ada, 'ehr', content('x'.repeat(50)));
    expect(held.reserve(ada, 1)).toBeNull();
    expect(held.reserve(bob, 41)).toBeNull();
    expect(held.reserve(bob, 40)).not.toBeNull();
    leave?.();
    expect(held.reserve(ada, 1)).not.toBeNull();
    expect(held.reserve(ada, 1)).toBeNull();
    await held.take('one');
    expect(held.reserve(ada, 1)).not.toBeNull();
    await stop();
  });

  test('after half an hour it is out of reach, then removed, and told of where nobody sent it', async () => {
    const { held, clock, disk, log, expired, db, stop } = await setUp();
    await held.hold('one', ada, 'ehr', content('x'));
    await held.hold('two', ada, 'ehr', content('y'));
    await held.take('two');
    await held.sweep();
    expect(held.of(ada, 'ehr')).toHaveLength(2);
    clock.advance(30 * minute);
    expect([held.of(ada, 'ehr'), await held.open(ada, 'ehr', 'one'), await held.take('one')]).toEqual([[], null, false]);
    disk.broken = true;
    await held.sweep();
    expect([expired, log.said.length]).toEqual([[], 1]);
    disk.broken = false;
    await held.sweep();
    await held.sweep();
    expect(expired).toEqual(['one']);
    const [rows] = await db.run('identity', [{ sql: 'SELECT * FROM held_posts', params: [] }]);
    expect(rows?.rows).toEqual([]);
    await stop();
  });

  test('whose session has ended is known for half an hour, across a restart', async () => {
    const first = await setUp();
    const session = sessionOf('key');
    await first.sessions.create(session);
    expect(first.held.endedLately('key')).toBeNull();
    await first.sessions.end('key', 'idle');
    await first.stop();
    const { held, clock, stop } = await setUp(first.directory);
    const { issuer, sub } = session.subject;
    expect(held.endedLately('key')).toEqual({ issuer, sub });
    clock.advance(30 * minute);
    expect(held.endedLately('key')).toBeNull();
    await held.sweep();
    expect(held.endedLately('key')).toBeNull();
    await stop();
  });

  onFile('a new master key reaches it', async () => {
    const { directory, keyFile, held, stop } = await setUp();
    await held.hold('one', ada, 'ehr', content('x'));
    await stop();
    rotateMasterKey(keyFile);
    expect(reseal(directory, new FileSealer(keyFile)).find(({ what }) => what === 'held posts')).toMatchObject({ resealed: 1 });
    const again = await setUp(directory);
    expect(await again.held.open(ada, 'ehr', 'one')).toEqual(content('x'));
    await again.stop();
  });

  test('a leaver’s posts go all at once, of every application, and nobody else’s', async () => {
    const first = await setUp();
    await first.held.hold('one', ada, 'ehr', content('a'));
    await first.held.hold('two', ada, 'pacs', content('b'));
    await first.held.hold('three', bob, 'ehr', content('c'));
    expect(await first.held.discardAll(ada)).toBe(2);
    expect([first.held.of(ada, 'ehr'), first.held.of(ada, 'pacs'), first.held.of(bob, 'ehr').length]).toEqual([[], [], 1]);
    expect(await first.held.discardAll(ada)).toBe(0);
    await first.stop();
    const second = await setUp(first.directory);
    expect([second.held.of(ada, 'ehr'), second.held.of(bob, 'ehr').length]).toEqual([[], 1]);
    await second.stop();
  });
});
