// Hours, also over midnight and over the end of the week.

import { describe, expect, test } from 'vitest';
import { describeHours, describeMoment, withinHours } from '../../../src/core/policy/hours.ts';

const office = [{ days: [1, 2, 3, 4, 5], fromMinute: 420, toMinute: 1140 }];
const night = [{ days: [6], fromMinute: 1320, toMinute: 360 }];

describe('withinHours', () => {
  test.each([
    ['at opening', office, 1, 420, true],
    ['before opening', office, 1, 419, false],
    ['before closing', office, 5, 1139, true],
    ['at closing', office, 5, 1140, false],
    ['on Saturday', office, 6, 600, false],
    ['night begins', night, 6, 1320, true],
    ['before the night', night, 6, 1319, false],
    ['after midnight, on Sunday', night, 0, 0, true],
    ['before it ends', night, 0, 359, true],
    ['when it ends', night, 0, 360, false],
    ['the morning before', night, 6, 100, false],
    ['Sunday evening', night, 0, 1330, false],
    ['an empty span', [{ days: [1], fromMinute: 420, toMinute: 420 }], 1, 420, false],
    ['a whole day', [{ days: [1], fromMinute: 0, toMinute: 1440 }], 1, 1439, true],
    ['no spans', [], 1, 600, false],
    ['the second span', [...office, ...night], 0, 10, true],
  ])('%s', (_, spans, weekday, minute, within) => {
    expect(withinHours(spans, weekday, minute)).toBe(within);
  });
});

test('in words', () => {
  expect(describeHours([...office, ...night])).toBe('Mon Tue Wed Thu Fri 07:00-19:00, Sat 22:00-06:00');
  expect(describeMoment(0, 605)).toBe('Sun 10:05');
});
