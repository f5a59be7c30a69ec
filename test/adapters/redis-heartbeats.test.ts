// Which heartbeats count, and from when: confirmed, read back with nothing missing before them, and by the time they were begun.

import { expect, test } from 'vitest';
import { RedisHeartbeats } from '../../src/adapters/redis-heartbeats.ts';

test('counts once it is written, confirmed and read back, in whichever order that becomes known', () => {
  const orders = [
    ['written', 'confirmed', 'heard'],
    ['written', 'heard', 'confirmed'],
    ['heard', 'written', 'confirmed'],
  ];
  for (const order of orders) {
    const beats = new RedisHeartbeats();
    const number = beats.begin(1000);
    for (const [index, step] of order.entries()) {
      expect(beats.countedAt).toBe(Number.NEGATIVE_INFINITY);
      if (step === 'written') expect(beats.written(number, 7), String(index)).toBe(true);
      if (step === 'heard') expect(beats.heard(number, 7), String(index)).toBe(true);
      if (step === 'confirmed') beats.confirm();
    }
    expect([beats.counted, beats.countedAt, beats.uncounted]).toEqual([number, 1000, 0]);
  }
});

test('what was missed before it is told, whichever count comes first', () => {
  const first = new RedisHeartbeats();
  const one = first.begin(0);
  expect(first.written(one, 8)).toBe(true);
  expect(first.heard(one, 7)).toBe(false);
  const second = new RedisHeartbeats();
  const two = second.begin(0);
  expect(second.heard(two, 7)).toBe(true);
  expect(second.written(two, 8)).toBe(false);
  second.confirm();
  expect(second.countedAt).toBe(Number.NEGATIVE_INFINITY);
});

test('two under way: each counts from its own beginning, and an older one takes nothing back', () => {
  const beats = new RedisHeartbeats();
  const [older, newer] = [beats.begin(100), beats.begin(350)];
  beats.written(older, 1);
  beats.written(newer, 2);
  beats.confirm();
  beats.heard(older, 1);
  expect(beats.countedAt).toBe(100);
  beats.heard(newer, 2);
  expect(beats.countedAt).toBe(350);
  beats.heard(older, 1);
  expect([beats.counted, beats.countedAt]).toEqual([newer, 350]);
});

test('one that is not confirmed counts with the next that is: whoever has that has what came before', () => {
  const beats = new RedisHeartbeats();
  const older = beats.begin(100);
  beats.written(older, 1);
  beats.heard(older, 1);
  const newer = beats.begin(350);
  beats.written(newer, 2);
  expect([beats.countedAt, beats.uncounted]).toEqual([Number.NEGATIVE_INFINITY, 2]);
  beats.confirm();
  expect([beats.countedAt, beats.uncounted]).toEqual([100, 1]);
});

test('those of a server that is not asked any more never count', () => {
  const beats = new RedisHeartbeats();
  const number = beats.begin(100);
  beats.written(number, 1);
  beats.forget();
  beats.confirm();
  expect(beats.heard(number, 1)).toBe(true);
  expect(beats.counted).toBe(0);
});
