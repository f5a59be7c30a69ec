import { describe, expect, it } from 'vitest';
import {
  holdDays,
  holds,
  isHoldName,
  readHoldNote,
  readReleaseNote,
  writeHoldNote,
  writeReleaseNote,
} from '../../../src/core/audit/hold.ts';
import { prunedDays, readPruneNote, writePruneNote } from '../../../src/core/audit/prune-note.ts';
import type { PruneNote } from '../../../src/core/audit/prune-note.ts';
import { readRetentionNote, retentionInWords, writeRetentionNote } from '../../../src/core/audit/retention-note.ts';

const note: PruneNote = {
  first: 1,
  last: 9_007_199_254_740_991,
  keptDays: 36_600,
  firstFile: '2020-11-23.123456.jsonl',
  lastFile: '2020-11-25.123456.jsonl',
  oldest: '2020-11-22T23:59:59.999Z',
  newest: '2020-11-25T12:00:00.000Z',
  root: `${'A'.repeat(43)}=`,
  hash: 'a'.repeat(64),
  kept: `${'B'.repeat(43)}=`,
  checkpoint: 9_007_199_254_740_991,
};

describe('what is told of records that were let go', () => {
  it('is read back, and is never so long that the log would cut it', () => {
    const text = writePruneNote(note);
    expect(readPruneNote(text)).toEqual(note);
    expect(text.length).toBeLessThanOrEqual(512);
    expect(prunedDays(note)).toEqual({ first: '2020-11-22', last: '2020-11-25' });
  });

  it.each([
    '',
    `${writePruneNote(note)}.`,
    writePruneNote({ ...note, first: 0 }),
    writePruneNote({ ...note, oldest: 'yesterday' }),
  ])('is nothing else: %j', (text) => expect(readPruneNote(text)).toBeNull());
});

describe('the policy', () => {
  it.each([
    [2196, null, 2196],
    [2196, 3660, 2196],
    ['unlimited', 2196, 'unlimited'],
    [366, 'unlimited', 366],
  ] as const)('%s after %s', (now, before, read) => expect(readRetentionNote(writeRetentionNote(now, before))).toBe(read));

  it('is in words, and nothing else is read as one', () => {
    expect(writeRetentionNote(366, 'unlimited')).toBe(
      'Records are kept for 366 days from here on; before that they were kept without limit',
    );
    expect(retentionInWords('unlimited')).toBe('without limit');
    expect(readRetentionNote('The rules were loaded again')).toBeNull();
  });
});

describe('a hold', () => {
  it.each([
    [null, null],
    ['2020-01-01', null],
    [null, '2020-12-31'],
    ['2020-01-01', '2020-12-31'],
  ])('from %s to %s is read back with who and why', (from, to) => {
    const [hold, because] = [{ name: 'case-17', from, to }, 'a letter, because: of a "suit", by 9'];
    const text = writeHoldNote(hold, 'operating-system user "it"', because);
    expect(readHoldNote(text)).toEqual({ ...hold, by: 'operating-system user "it"', because });
  });

  it('and its release are nothing else', () => {
    expect(readReleaseNote(writeReleaseNote('case-17', 'x', 'y'))).toBe('case-17');
    expect([readHoldNote('Hold "a b" keeps'), readReleaseNote('no')]).toEqual([null, null]);
  });

  it.each([
    ['case-17', true],
    ['a', true],
    ['', false],
    ['-x', false],
    ['a b', false],
    ['"', false],
    ['x'.repeat(60), true],
    ['x'.repeat(61), false],
  ])('is named %j: %s', (name, is) => expect(isHoldName(name)).toBe(is));

  it.each([
    [null, null, true],
    ['2020-01-03', null, false],
    ['2020-01-02', null, true],
    [null, '2019-12-31', false],
    [null, '2020-01-01', true],
    ['2020-01-02', '2020-01-02', true],
  ])('from %s to %s keeps 2020-01-01 to 2020-01-02: %s', (from, to, kept) => {
    expect(holds({ name: 'x', from, to }, '2020-01-01', '2020-01-02')).toBe(kept);
  });

  it('says its days', () => {
    expect(holdDays({ name: 'x', from: null, to: null })).toBe('');
    expect(holdDays({ name: 'x', from: '2020-01-01', to: '2020-02-01' })).toBe('from 2020-01-01 up to 2020-02-01 ');
  });
});
