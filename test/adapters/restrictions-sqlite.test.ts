// Who is held: over a restart, once for each alert, until its time or a reviewer ends it; and a row that cannot be read holds nobody.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SqliteRestrictions } from '../../src/adapters/restrictions-sqlite.ts';
import { TimedSlowLane } from '../../src/adapters/slow-lane-timers.ts';
import type { StateDb } from '../../src/adapters/state-db.ts';
import { Fault } from '../../src/core/faults.ts';
import type { Restriction } from '../../src/core/respond/restriction.ts';
import { onEachEngine, openStateDb } from '../support/state-engines.ts';

const now = 1_000_000;
const nora = { issuer: 'i', sub: '1', name: 'nora' };
const block: Restriction = { alert: 7, kind: 'block', person: nora, detector: 'two-places', since: now - 5, until: null };
const slow: Restriction = { ...block, alert: 8, kind: 'slow', since: now, until: now + 10 };
const clock = { now: () => now };

let directory: string;
let db: StateDb;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'wardgate-restrictions-'));
  db = await openStateDb(directory);
});
afterEach(async () => {
  await db.close();
  rmSync(directory, { recursive: true, force: true });
});

onEachEngine(() => {
  it('holds over a restart, until its time', async () => {
    const first = await SqliteRestrictions.open(db, clock);
    for (const one of [block, slow, block]) await first.impose(one);
    const store = await SqliteRestrictions.open(db, clock);
    expect([store.of(nora, now), store.all(now)]).toEqual([
      [block, slow],
      [slow, block],
    ]);
    expect(store.of(nora, now + 10)).toEqual([block]);
    expect([store.of({ issuer: 'i', sub: '2' }, now), store.notices()]).toEqual([[], []]);
  });

  it('is lifted for good, and not imposed for the same alert again', async () => {
    const store = await SqliteRestrictions.open(db, clock);
    await store.impose(block);
    expect([await store.lift(block, now), await store.lift(block, now)]).toEqual([true, false]);
    await store.impose(block);
    expect([store.all(now), (await SqliteRestrictions.open(db, clock)).all(now)]).toEqual([[], []]);
    await store.impose(slow);
    expect(await store.lift(slow, now + 10)).toBe(false);
  });

  it('lets nobody be held by a row that cannot be read, and says so', async () => {
    const store = await SqliteRestrictions.open(db, clock);
    await store.impose(slow);
    const sql = 'INSERT INTO restrictions (alert, kind, issuer, sub, name, detector, since) VALUES (?, ?, ?, ?, ?, ?, ?)';
    await db.run('identity', [{ sql, params: [9, 'of-a-later-version', 'i', '1', 'nora', 'two-places', 0] }]);
    const next = await SqliteRestrictions.open(db, clock);
    expect(next.all(now)).toEqual([slow]);
    expect(next.notices()).toEqual([
      '1 restrictions after alerts cannot be read, and hold nobody; look at the alerts and decide anew',
    ]);
  });

  it('holds in memory what could not be written', async () => {
    const store = await SqliteRestrictions.open(db, clock);
    await db.run('identity', [{ sql: 'DROP TABLE restrictions', params: [] }]);
    await expect(store.impose(block)).rejects.toThrow(Fault);
    expect(store.of(nora, now)).toEqual([block]);
  });

  it('lets a hundred requests of one person wait, and stops with the client', async () => {
    const lane = new TimedSlowLane(3600);
    const gone: (() => void)[] = [];
    const waits = Array.from({ length: 100 }, () => lane.wait(nora, (callback) => gone.push(callback)));
    expect(await lane.wait(nora, () => undefined)).toBe(false);
    const other = lane.wait({ issuer: 'i', sub: '2' }, (callback) => gone.push(callback));
    for (const one of gone) one();
    expect(new Set(await Promise.all([...waits, other]))).toEqual(new Set([false]));
    expect(await new TimedSlowLane(0).wait(nora, () => undefined)).toBe(true);
  });
});
