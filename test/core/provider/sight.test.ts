// What the gateway has seen of the provider: at, under and over the number of looks and the time.

import { expect, test } from 'vitest';
import { isDown, isSilent, look, nothingSeen } from '../../../src/core/provider/sight.ts';
import type { Sight } from '../../../src/core/provider/sight.ts';

/** Looks 15 seconds apart; `+` was answered. */
function seen(looks: string, step = 15_000): { sight: Sight; now: number } {
  let sight = nothingSeen;
  let now = 1_000_000;
  for (const one of looks) {
    now += step;
    sight = look(sight, one === '+', now);
  }
  return { sight, now };
}

test.each([
  ['before the first look', '', 15_000, false, false],
  ['one failure', '-', 15_000, false, false],
  ['two failures', '--', 15_000, true, false],
  ['four failures over a minute', '----', 20_000, true, false],
  ['five failures over a minute', '-----', 15_000, true, true],
  ['five failures within less than a minute', '-----', 14_999, true, false],
  ['an answer in between', '---+--', 60_000, true, false],
  ['an answer at the end', '------+', 60_000, false, false],
])('%s', (_case, looks, step, silent, down) => {
  const { sight, now } = seen(looks, step);
  expect([isSilent(sight), isDown(sight, now)]).toEqual([silent, down]);
});

test('the times are those of the first look of its kind', () => {
  expect(seen('+--').sight).toEqual({ failures: 2, silentSince: 1_030_000, answersSince: null });
  expect(seen('-++').sight).toEqual({ failures: 0, silentSince: null, answersSince: 1_030_000 });
  expect(isDown({ failures: 9, silentSince: null, answersSince: null }, 5)).toBe(false);
});
