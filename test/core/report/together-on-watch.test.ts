import { describe, expect, test } from 'vitest';
import type { CoveredRecords, Gap, GapKind } from '../../../src/core/report/coverage.ts';
import { togetherOnWatch, togetherRecorded } from '../../../src/core/report/together-on-watch.ts';

const gap = (kind: GapKind, from: number, until: number): Gap => ({ kind, from, until, after: null, before: null });

describe('where the records of several gateways leave a hole', () => {
  test.each<[string, readonly (readonly Gap[])[], readonly string[], number]>([
    ['is nowhere', [[], []], [], 0],
    [
      'for one alone is each of its own',
      [[gap('stopped', 10, 20), gap('silent', 30, 35)]],
      ['stopped 10-20', 'silent 30-35'],
      15,
    ],
    ['is not where another was on watch', [[gap('stopped', 10, 20)], [gap('before-first', 0, 8)]], [], 0],
    [
      'is where none was on watch, told by the one that left last',
      [[gap('stopped', 10, 30)], [gap('before-first', 0, 5), gap('stopped', 15, 40)]],
      ['stopped 15-30'],
      15,
    ],
    [
      'is told by the first where both left at once',
      [[gap('before-first', 0, 9)], [gap('stopped', 0, 7)]],
      ['before-first 0-7'],
      7,
    ],
    ['is where one that should have been there was not', [[gap('crashed', 10, 20)], []], ['crashed 10-20'], 10],
    [
      'counts a time once',
      [[gap('silent', 10, 30)], [gap('outage', 5, 12), gap('crashed', 20, 25)]],
      ['outage 5-12', 'silent 10-30', 'crashed 20-25'],
      25,
    ],
  ])('%s', (_words, each, told, unwatched) => {
    const { gaps, gapCount, unwatchedMilliseconds } = togetherOnWatch(each);
    expect(gaps.map(({ kind, from, until }) => `${kind} ${from}-${until}`)).toEqual(told);
    expect([gapCount, unwatchedMilliseconds]).toEqual([told.length, unwatched]);
  });

  test('is nowhere where there is no gateway', () => {
    expect(togetherOnWatch([])).toEqual({ gaps: [], gapCount: 0, unwatchedMilliseconds: 0 });
  });
});

describe('what several gateways recorded', () => {
  const covered = (first: number, firstTime: number, last: number, lastTime: number): CoveredRecords => ({
    first,
    firstTime,
    last,
    lastTime,
    count: last - first + 1,
  });
  test.each([
    ['nothing', [], null],
    ['that of one', [covered(3, 10, 8, 20)], covered(3, 10, 8, 20)],
    [
      'from whose is the first to whose is the last',
      [covered(3, 10, 8, 40), covered(101, 5, 110, 30)],
      { first: 101, firstTime: 5, last: 8, lastTime: 40, count: 16 },
    ],
    [
      'also where the first listed ends last but begins first',
      [covered(3, 1, 8, 20), covered(101, 5, 110, 30)],
      { first: 3, firstTime: 1, last: 110, lastTime: 30, count: 16 },
    ],
  ])('is %s', (_words, each, all) => {
    expect(togetherRecorded(each)).toEqual(all);
  });
});
