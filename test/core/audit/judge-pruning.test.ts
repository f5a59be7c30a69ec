import { describe, expect, it } from 'vitest';
import { beginEpochs } from '../../../src/core/audit/epoch-chain.ts';
import type { EpochChain } from '../../../src/core/audit/epoch-chain.ts';
import { writeHoldNote, writeReleaseNote } from '../../../src/core/audit/hold.ts';
import { beginPruning, finishPruning, isKeptWhenPruned, judgePruning } from '../../../src/core/audit/judge-pruning.ts';
import type { PruningFacts, PruningFold, PruningRecord } from '../../../src/core/audit/judge-pruning.ts';
import { writePruneNote } from '../../../src/core/audit/prune-note.ts';
import type { PruneNote } from '../../../src/core/audit/prune-note.ts';
import { writeRetentionNote } from '../../../src/core/audit/retention-note.ts';

const root = `${'A'.repeat(43)}=`;
const kept = `${'B'.repeat(43)}=`;
const hash = 'a'.repeat(64);
const note: PruneNote = {
  first: 1,
  last: 100,
  keptDays: 365,
  firstFile: '2020-01-01.jsonl',
  lastFile: '2020-01-02.jsonl',
  oldest: '2020-01-01T00:00:00.000Z',
  newest: '2020-01-02T22:00:00.000Z',
  root,
  hash,
  kept,
  checkpoint: 900,
};
const key = beginEpochs('k');
const [first] = key.epochs;
/** The key of 2020-01-02 follows behind record 50, that of 2020-01-03 behind record 110. */
const epochs: EpochChain = {
  ...key,
  epochs: [
    { number: 1, key: 'k', after: 0, vouchedAt: 0, ...first, day: '2020-01-01' },
    { number: 2, day: '2020-01-02', key: 'l', after: 50, vouchedAt: 51 },
    { number: 3, day: '2020-01-03', key: 'm', after: 110, vouchedAt: 111 },
  ],
};
const facts: PruningFacts = { gone: 100, range: () => ({ root, hash, kept }), epochs };
const record = (event: string, detail: string | null, sequence = 1000): PruningRecord => ({
  event,
  detail,
  sequence,
  time: '2021-06-01T00:00:00.000Z',
});
const told = (more: Partial<PruneNote> = {}): PruningRecord => record('audit-pruned', writePruneNote({ ...note, ...more }));

function folded(records: readonly PruningRecord[], with_: PruningFacts = facts): PruningFold | string {
  let fold = beginPruning;
  for (const one of [record('configuration', writeRetentionNote(365, null), 1), ...records]) {
    const judged = judgePruning(fold, one, with_);
    if (!judged.sound) return judged.what;
    ({ fold } = judged);
  }
  return fold;
}

const hold = (from: string | null, to: string | null): PruningRecord =>
  record('audit-hold', writeHoldNote({ name: 'h', from, to }, 'x', 'y'), 500);

describe('records that were let go', () => {
  it.each<[string, readonly PruningRecord[], PruningFacts]>([
    ['after their time', [told()], facts],
    ['told twice by a crash', [told(), told()], facts],
    ['in two pieces', [told(), told({ first: 101, last: 105, firstFile: '2020-01-02.2.jsonl' })], facts],
    ['once more, where a backup had brought them back', [told(), told({ last: 105 })], facts],
    ['beside a hold of other days', [hold('2020-01-04', null), told()], facts],
    [
      'after the hold was released',
      [hold(null, null), record('audit-hold-released', writeReleaseNote('h', 'x', 'y')), told()],
      facts,
    ],
    ['and are still there', [told()], { ...facts, gone: 0, range: () => null }],
    ['under the only key there was', [told()], { ...facts, epochs: key }],
  ])('%s are accounted for', (_name, records, with_) => {
    const fold = folded(records, with_);
    const prunings = typeof fold === 'string' ? fold : fold.prunings;
    expect(prunings[0]).toEqual({ first: 1, last: 100, keptDays: 365, sequence: 1000, time: '2021-06-01T00:00:00.000Z' });
  });

  it.each<[string, readonly PruningRecord[], PruningFacts, RegExp]>([
    [
      'in other words',
      [record('audit-pruned', 'gone')],
      facts,
      /^it tells of records that were let go, and not as the gateway does$/,
    ],
    ['without words', [record('audit-pruned', null)], facts, /not as the gateway does$/],
    ['backwards', [told({ last: 0 + 1, first: 2 })], facts, /not as the gateway does$/],
    ['that come later than the record', [record('audit-pruned', writePruneNote(note), 100)], facts, /not as the gateway does$/],
    ['under no checkpoint', [told({ checkpoint: 99 })], facts, /not as the gateway does$/],
    ['out of turn', [told({ first: 2 })], facts, /^it lets records go from 2 on, and number 1 is the next to go$/],
    ['by another policy', [told({ keptDays: 30 })], facts, /^it lets records go after 30 days, and they are kept for 365 days$/],
    ['too early', [told({ newest: '2020-12-01T00:00:00.000Z' })], facts, /before their time: the newest is of 2020-12-01T/],
    [
      'from a file of a later day',
      [told({ lastFile: '2020-12-01.jsonl' })],
      facts,
      /before their time: the newest is of 2020-12-01T/,
    ],
    [
      'under a key of a later day',
      [told()],
      { ...facts, epochs: { ...epochs, epochs: epochs.epochs.map((one) => ({ ...one, day: '2020-12-01' })) } },
      /before their time: the newest is of 2020-12-01T/,
    ],
    ['under a hold', [hold('2020-01-02', null), told()], facts, /^it lets records go that hold "h" keeps$/],
    [
      'under a hold of days before the next key',
      [
        hold(null, '2020-01-02'),
        told({
          oldest: '2020-01-05T21:00:00.000Z',
          firstFile: '2020-01-05.jsonl',
          newest: '2020-01-05T22:00:00.000Z',
          lastFile: '2020-01-05.jsonl',
        }),
      ],
      facts,
      /hold "h" keeps$/,
    ],
    [
      'under a hold that is told oddly',
      [record('audit-hold', 'keep it')],
      facts,
      /^it tells of a hold, and not as the gateway does$/,
    ],
    ['under a hold without words', [record('audit-hold', null)], facts, /^it tells of a hold/],
    [
      'of which nothing is left',
      [told()],
      { ...facts, range: () => null },
      /^what is left of records 1 to 100 is not what was let go$/,
    ],
    ['with another root', [told()], { ...facts, range: () => ({ root: kept, hash, kept }) }, /is not what was let go$/],
    ['with another end', [told()], { ...facts, range: () => ({ root, hash: 'b'.repeat(64), kept }) }, /is not what was let go$/],
    ['with other lines', [told()], { ...facts, range: () => ({ root, hash, kept: root }) }, /some are missing or changed$/],
  ])('%s are not', (_name, records, with_, what) => expect(folded(records, with_)).toMatch(what));

  it('before anything says how long they are kept are not', () => {
    expect(judgePruning(beginPruning, told(), facts)).toEqual({
      sound: false,
      what: 'it lets records go, and nothing before it says how long they are kept',
    });
  });

  it('are all accounted for, or the first that is not is named', () => {
    const fold = { ...beginPruning, told: 100 };
    expect(finishPruning(fold, 100)).toBeNull();
    expect(finishPruning(fold, 101)).toBe('record 101 is gone, and no audit-pruned record accounts for that');
    expect(finishPruning(fold, 105)).toBe('records 101 to 105 are gone, and no audit-pruned record accounts for that');
  });

  it('leave the lines that verification rests on, and no others', () => {
    expect(isKeptWhenPruned('epoch', null)).toBe(true);
    expect(isKeptWhenPruned('attempt', null)).toBe(false);
    expect(isKeptWhenPruned('configuration', null)).toBe(false);
    expect(isKeptWhenPruned('configuration', 'The rules were loaded again')).toBe(false);
    expect(isKeptWhenPruned('configuration', writeRetentionNote(365, null))).toBe(true);
  });

  it('other records change nothing', () => {
    const fold = folded([record('attempt', null), record('configuration', null), record('audit-hold-released', null)]);
    expect(fold).toEqual({ ...beginPruning, retention: 365 });
  });
});
