// Five wrong codes block a person for fifteen minutes. The end was kept as a time of the wall clock: a clock that was an hour
// ahead and was set right made seventy-five minutes of it, and one that jumped ahead ended it at once.

import { expect, test } from 'vitest';
import { SqliteAttemptLimiter } from '../../src/adapters/attempt-limiter-sqlite.ts';
import { openStateDb } from '../../src/adapters/state-db.ts';
import type { Clock } from '../../src/ports.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const minute = 60_000;

/** A wall clock that is set and a steady one that passes. */
class TwoClocks implements Clock {
  wall = Date.now();
  steady = 1000;
  now(): number {
    return this.wall;
  }
  monotonic(): number {
    return this.steady;
  }
  pass(milliseconds: number): void {
    this.wall += milliseconds;
    this.steady += milliseconds;
  }
}

async function blocked() {
  const clock = new TwoClocks();
  const db = await openStateDb(temporaryDirectory());
  const limiter = await SqliteAttemptLimiter.open(db, clock);
  for (let n = 0; n < 4; n += 1) expect(await limiter.fail('ada')).toBe(0);
  expect(await limiter.fail('ada')).toBe(15 * minute);
  return { clock, db, limiter };
}

test.each([
  ['back by an hour', -60],
  ['back by a year', -525_600],
  ['ahead by an hour', 60],
])('a clock that is set %s leaves the block as long as it was', async (_case, minutes) => {
  const { clock, db, limiter } = await blocked();
  clock.wall += minutes * minute;
  expect(await limiter.blockedFor('ada')).toBe(15 * minute);
  clock.pass(15 * minute - 1);
  expect(await limiter.blockedFor('ada')).toBe(1);
  clock.pass(1);
  expect(await limiter.blockedFor('ada')).toBe(0);
  await db.close();
});

test('after a restart with a clock that was set back it is as long again, and no longer; the count goes on', async () => {
  const { clock, db, limiter } = await blocked();
  clock.pass(5 * minute);
  expect(await limiter.blockedFor('ada')).toBe(10 * minute);
  expect(await (await SqliteAttemptLimiter.open(db, clock)).blockedFor('ada')).toBe(10 * minute);
  clock.wall -= 60 * minute;
  const restarted = await SqliteAttemptLimiter.open(db, clock);
  expect(await restarted.blockedFor('ada')).toBe(15 * minute);
  clock.pass(15 * minute);
  for (let n = 0; n < 4; n += 1) expect(await restarted.fail('ada')).toBe(0);
  expect(await restarted.fail('ada')).toBe(30 * minute);
  await db.close();
});
