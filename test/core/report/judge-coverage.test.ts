// The times in which nothing was on watch, from the gateway's records about itself.

import { describe, expect, test } from 'vitest';
import { judgeCoverage, mostGaps } from '../../../src/core/report/judge-coverage.ts';
import type { WatchSign } from '../../../src/core/report/judge-coverage.ts';

const minute = 60_000;
const end = 100 * minute;

/** `start@0 heartbeat@1 …` in minutes. */
function signs(text: string): WatchSign[] {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map((word, at) => {
      const [event = '', time = ''] = word.split('@');
      return { sequence: at + 1, event, time: Number(time) * minute };
    });
}

describe('a time without a watch', () => {
  test.each`
    what                                   | told                                                        | gaps
    ${'none: a heartbeat each minute'}     | ${'start@-1 heartbeat@0 heartbeat@1 heartbeat@2 stop@3'}    | ${['stopped 3-100']}
    ${'before the first record'}           | ${'start@10 stop@11 start@12 heartbeat@99'}                 | ${['before-first 0-10', 'stopped 11-12', 'silent 12-99']}
    ${'no record at all'}                  | ${''}                                                       | ${['before-first 0-100']}
    ${'shut down and started'}             | ${'start@-9 stop@20 start@30 heartbeat@99'}                 | ${['silent 0-20', 'stopped 20-30', 'silent 30-99']}
    ${'ended without a word'}              | ${'heartbeat@0 heartbeat@1 start@50 heartbeat@51 stop@99'}  | ${['crashed 1-50', 'silent 51-99', 'stopped 99-100']}
    ${'silent at the end'}                 | ${'heartbeat@98'}                                           | ${['before-first 0-98', 'silent 98-100']}
    ${'a heartbeat that is 90 s late'}     | ${'start@-1 heartbeat@0.5 heartbeat@2 stop@2.5 start@100'}  | ${['stopped 2.5-100']}
    ${'a heartbeat that is later'}         | ${'start@0 heartbeat@1.6 stop@2 start@100'}                 | ${['silent 0-1.6', 'stopped 2-100']}
    ${'could not be written'}              | ${'heartbeat@0 audit-outage@0.5 stop@1 start@100'}          | ${['outage 0-0.5', 'stopped 1-100']}
    ${'put back from a backup'}            | ${'heartbeat@0 restored@60 start@61 heartbeat@62 stop@100'} | ${['restored 0-60', 'stopped 60-61', 'silent 62-100']}
    ${'restored and never started again'}  | ${'heartbeat@0 restored@60'}                                | ${['restored 0-60', 'stopped 60-100']}
    ${'what lies before the period alone'} | ${'start@-50 stop@-40 start@-30 heartbeat@-1 stop@0'}       | ${['stopped 0-100']}
    ${'a clock that was set back'}         | ${'heartbeat@0 stop@50 start@40 heartbeat@41 stop@100'}     | ${['silent 0-50', 'silent 41-100']}
  `('$what', ({ told, gaps }: { told: string; gaps: string[] }) => {
    const found = judgeCoverage(signs(told), 0, end);
    expect(found.gaps.map(({ kind, from, until }) => `${kind} ${from / minute}-${until / minute}`)).toEqual(gaps);
    expect(found.gapCount).toBe(gaps.length);
    expect(found.unwatchedMilliseconds).toBe(found.gaps.reduce((sum, { from, until }) => sum + until - from, 0));
  });

  test('names the records around it', () => {
    const [first, second] = judgeCoverage(signs('start@10 stop@11'), 0, end).gaps;
    expect([first, second]).toMatchObject([
      { after: null, before: 1 },
      { after: 2, before: null },
    ]);
  });

  test('is counted beyond those that are kept', () => {
    const many = Array.from({ length: mostGaps + 5 }, (_none, at) => `stop@${at / 4} start@${at / 4 + 0.1}`).join(' ');
    const found = judgeCoverage(signs(`heartbeat@0 ${many} heartbeat@27`), 0, 27 * minute);
    expect([found.gaps.length, found.gapCount]).toEqual([mostGaps, mostGaps + 5]);
  });
});
