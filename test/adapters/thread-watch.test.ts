// A thread that stood still for more than a second is told of once, keeps the gateway from being ready for two seconds, and is
// seen by whoever asks first; a slow start, a slow stop and work that is merely much are none.

import { beforeEach, expect, test } from 'vitest';
import { ThreadWatch } from '../../src/adapters/thread-watch.ts';

let time = { monotonic: 0, sinceBoot: 0 };
const told: string[] = [];
let stalls: number[] = [];
let watch: ThreadWatch;

beforeEach(() => {
  time = { monotonic: 50_000, sinceBoot: 900_000 };
  told.length = 0;
  stalls = [];
  const error = (fields: Readonly<Record<string, unknown>>): void => void told.push(JSON.stringify(fields));
  watch = new ThreadWatch({ time: () => time, log: { error }, stalled: (seconds) => void stalls.push(seconds) });
});

const pass = (milliseconds: number, slept = 0): void => {
  time = { monotonic: time.monotonic + milliseconds, sinceBoot: time.sinceBoot + milliseconds + slept };
};

test.each([
  ['at its time', 100, 0, []],
  ['late by a second', 1100, 0, []],
  ['later than that', 1101, 0, [1.101]],
  ['after the machine slept', 100, 600_000, [600.1]],
])('a look that comes %s', (_when, milliseconds, slept, expected) => {
  watch.look();
  pass(milliseconds, slept);
  watch.look();
  expect(stalls).toEqual(expected);
  expect(told).toHaveLength(expected.length);
  expect(watch.trouble === null).toBe(expected.length === 0);
});

test('it is told once, and two seconds after its end the gateway is ready again', () => {
  watch.look();
  pass(1600);
  expect(watch.trouble).toBe('its thread stood still for 1.6 seconds a moment ago; look at the load of the machine');
  for (let looks = 1; looks < 20; looks += 1) {
    pass(100);
    watch.look();
    expect(watch.trouble).toContain('1.6 seconds');
  }
  pass(100);
  expect(watch.trouble).toBeNull();
  expect([told, stalls]).toEqual([['{"seconds":1.6}'], [1.6]]);
});

test('one after the other keeps it from being ready throughout, and each is told', () => {
  watch.look();
  for (const milliseconds of [1500, 1900, 1200]) {
    pass(milliseconds);
    expect(watch.trouble).toContain(`${(milliseconds / 1000).toFixed(1)} seconds`);
  }
  expect(stalls).toEqual([1.5, 1.9, 1.2]);
});

test('neither a slow start nor a slow stop is one', () => {
  pass(9000);
  expect(watch.trouble).toBeNull();
  const stop = watch.follow();
  expect(watch.trouble).toBeNull();
  stop();
  pass(9000);
  expect([watch.trouble, stalls]).toEqual([null, []]);
});
