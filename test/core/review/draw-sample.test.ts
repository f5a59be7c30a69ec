// The sample of a monthly review: every stratum stands in it, nobody chooses, and whoever has the seed draws it anew.

import { hash as digest } from 'node:crypto';
import { expect, test } from 'vitest';
import { accessKind } from '../../../src/core/review/access-kind.ts';
import { drawSample, drawSteps, seedOf } from '../../../src/core/review/draw-sample.ts';
import type { Candidate } from '../../../src/core/review/draw-sample.ts';

const hash = (text: string): string => digest('sha256', text, 'hex');
const checkpoint = { size: 100, root: 'a'.repeat(64) };
const seed = seedOf('monthly-2026-11', checkpoint, hash);

function accesses(...groups: readonly (readonly [roles: string, kind: string, count: number])[]): Candidate[] {
  let record = 0;
  return groups.flatMap(([roles, kind, count]) => Array.from({ length: count }, () => ({ record: (record += 1), roles, kind })));
}

const drawn = (of: readonly Candidate[], size: number) =>
  drawSample(of, size, seed, hash).strata.map(({ roles, kind, accesses: among, drawn: taken }) => [roles, kind, among, taken]);

test.each<[string, Candidate[], number, unknown]>([
  ['nothing', [], 10, []],
  ['fewer than are wanted', accesses(['nurse', 'chart', 3]), 10, [['nurse', 'chart', 3, 3]]],
  ['by their share', accesses(['nurse', 'chart', 90], ['nurse', 'denied', 10]), 10, [['nurse', 'chart', 90, 9], ['nurse', 'denied', 10, 1]]], // prettier-ignore
  ['one of each at least', accesses(['nurse', 'chart', 1000], ['it', 'download', 1], ['it', 'denied', 1]), 2, [['it', 'denied', 1, 1], ['it', 'download', 1, 1], ['nurse', 'chart', 1000, 1]]], // prettier-ignore
])('%s is drawn', (_what, of, size, expected) => expect(drawn(of, size)).toEqual(expected));

test('the same seed draws the same, in any order of what it is drawn from', () => {
  const of = accesses(['nurse', 'chart', 200], ['physician', 'chart', 100]);
  const first = drawSample(of, 20, seed, hash).items;
  expect(drawSample(of.toReversed(), 20, seed, hash).items).toEqual(first);
  expect(first.map(({ record }) => record)).toEqual(first.map(({ record }) => record).toSorted((one, other) => one - other));
  expect(drawSample(of, 20, hash('another'), hash).items).not.toEqual(first);
});

test.each([1, 7, 300, 1000])('in slices of %i the same is drawn', (slice) => {
  const of = accesses(['nurse', 'chart', 200], ['physician', 'chart', 100], ['it', 'denied', 3]);
  const steps = drawSteps(of, 20, seed, hash, slice);
  let pauses = 0;
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) pauses += 1;
  expect(step.value).toEqual(drawSample(of, 20, seed, hash));
  expect(pauses).toBe([303, 200, 100, 3].reduce((sum, count) => sum + Math.floor(count / slice), 0));
});

test('a lot is the SHA-256 of the seed and the number of the record', () => {
  const of = accesses(['nurse', 'chart', 50]);
  const byHand = of
    .toSorted((one, other) => (hash(`${seed} ${one.record}`) < hash(`${seed} ${other.record}`) ? -1 : 1))
    .slice(0, 5);
  const records = drawSample(of, 5, seed, hash).items.map(({ record }) => record);
  expect(records).toEqual(byHand.map(({ record }) => record).toSorted((one, other) => one - other));
});

test('the seed is of the review and its checkpoint', () => {
  expect(seed).toBe(hash(`wardgate-review/1 monthly-2026-11 100 ${'a'.repeat(64)}`));
  expect(seedOf('monthly-2026-12', checkpoint, hash)).not.toBe(seed);
});

const chart = { event: 'chart-opened', decision: null, download: null };
test.each<[string, Parameters<typeof accessKind>[0], boolean, string | null]>([
  ['a chart', chart, true, 'chart'],
  ['a chart at night', chart, false, 'after-hours'],
  ['an emergency', { ...chart, event: 'break-glass' }, true, 'emergency'],
  ['a refusal', { ...chart, event: 'refusal', decision: 'refused' }, true, 'denied'],
  ['a download that was refused', { ...chart, decision: 'refused', download: 'rule' }, true, 'denied'],
  ['a download', { ...chart, event: 'outcome', download: 'rule' }, true, 'download'],
  ['a page', { ...chart, event: 'outcome' }, true, null],
])('%s is of its kind', (_what, facts, isOpen, kind) => expect(accessKind(facts, isOpen)).toBe(kind));
