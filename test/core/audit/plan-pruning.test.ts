import { describe, expect, it } from 'vitest';
import { dueAt, keptBecause } from '../../../src/core/audit/plan-pruning.ts';
import type { PruningLimits, SegmentFacts } from '../../../src/core/audit/plan-pruning.ts';

const segment: SegmentFacts = {
  name: '2020-11-23.jsonl',
  last: 100,
  oldest: '2020-11-22T23:59:59.990Z',
  newest: '2020-11-23T22:00:00.000Z',
};
const now = Date.parse('2021-11-24T00:00:00Z');
const limits: PruningLimits = {
  retention: 365,
  holds: [],
  now,
  dates: ['2021-11-10'],
  checkpoint: 500,
  anchored: 500,
  fed: Infinity,
};
const held = (from: string | null, to: string | null): Partial<PruningLimits> => ({ holds: [{ name: 'h', from, to }] });

describe('a file of the log', () => {
  it.each<[string, Partial<PruningLimits>, Partial<SegmentFacts>, unknown]>([
    ['may go at the moment its time is over', { now: now - 86_400_000 * 0 }, {}, null],
    ['stays a moment before', { now: now - 1 }, {}, { because: 'young' }],
    ['stays while one record in it is younger', {}, { newest: '2020-11-24T00:00:00.001Z' }, { because: 'young' }],
    ['stays without limit', { retention: 'unlimited' }, {}, { because: 'unlimited' }],
    ['stays under a hold of everything', held(null, null), {}, { because: 'hold', hold: 'h' }],
    [
      'stays under a hold of the day before, of which it has one record',
      held(null, '2020-11-22'),
      {},
      { because: 'hold', hold: 'h' },
    ],
    ['stays under a hold of its own day alone', held('2020-11-23', '2020-11-23'), {}, { because: 'hold', hold: 'h' }],
    ['goes beside a hold of other days', held('2020-11-24', null), {}, null],
    ['stays while the clock is new', { dates: ['2020-11-23', '2021-11-23'] }, {}, { because: 'clock' }],
    ['stays where no checkpoint covers it', { checkpoint: 99 }, {}, { because: 'checkpoint' }],
    ['stays where that has not reached an anchor', { anchored: 99 }, {}, { because: 'anchor' }],
    ['stays where a feed has still to tell its last record', { fed: 100 }, {}, { because: 'feed' }],
    ['goes once a feed is behind it', { fed: 101 }, {}, null],
    ['goes under exactly that checkpoint', { anchored: 100, checkpoint: 100 }, {}, null],
  ])('%s', (_name, other, facts, kept) => {
    expect(keptBecause({ ...segment, ...facts }, { ...limits, ...other })).toEqual(kept);
  });

  it('is due a whole day after the day in its name, or after its newest record', () => {
    expect(new Date(dueAt(segment, 1)).toISOString()).toBe('2020-11-25T00:00:00.000Z');
    expect(new Date(dueAt({ ...segment, newest: '2020-11-26T01:00:00.000Z' }, 1)).toISOString()).toBe('2020-11-27T01:00:00.000Z');
  });
});
