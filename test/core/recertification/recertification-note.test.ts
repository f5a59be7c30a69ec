// The sentences of a recertification in the record: what is written is read back, and nothing can pretend to be more of it.

import { expect, test } from 'vitest';
import {
  readClosed,
  readDecided,
  readSigned,
  useWords,
  writeClosed,
  writeDecided,
  writeSigned,
} from '../../../src/core/recertification/recertification-note.ts';

const decided = {
  quarter: '2026-Q4',
  row: 3,
  decision: 'remove',
  role: 'nurse',
  person: 'jane',
  use: '2026-11-20 under rule charts',
  note: 'left the ward',
} as const;
const counts = { quarter: '2026-Q4', rows: 5, keep: 3, remove: 1, change: 1 };
const closed = { quarter: '2026-Q4', row: 3, role: 'nurse', person: 'jane', how: 'they came without it' };

test('decisions', () => {
  expect(readDecided(writeDecided(decided))).toEqual(decided);
  const hostile = { ...decided, person: 'x"; last use: y; note: "z', use: 'a; b', note: '"; note: "' };
  const read = readDecided(writeDecided(hostile));
  expect(read).toEqual({ ...hostile, person: "x'; last use: y; note: 'z", use: 'a, b', note: "'; note: '" });
  const long = writeDecided({ ...decided, role: 'r'.repeat(99), person: 'p'.repeat(200), note: 'n'.repeat(300) });
  expect(long.length).toBeLessThanOrEqual(512);
  expect(readDecided(long)?.note).toHaveLength(120);
});

test('signatures', () => {
  const hash = 'a'.repeat(64);
  const signed = { ...counts, hash, checkpoint: { size: 1234, root: 'b'.repeat(64) } };
  expect(readSigned(writeSigned(signed))).toEqual(signed);
  expect(readSigned(writeSigned({ ...signed, checkpoint: null }))).toEqual({ ...signed, checkpoint: null });
});

test('what became of a row', () => {
  expect(readClosed(writeClosed(closed))).toEqual(closed);
  expect(readClosed(writeClosed({ ...closed, how: 'h'.repeat(999) }))?.how).toHaveLength(160);
});

test.each(['', 'Recertification 2026-Q4', 'Recertification 2026-Q4 row 3: wipe role "a" of "b"; last use: c; note: "d"'])(
  '%j is none of them',
  (text) => {
    expect([readDecided(text), readSigned(text), readClosed(text)]).toEqual([null, null, null]);
  },
);

test.each([
  [{ by: 'request', at: Date.UTC(2026, 10, 20), rule: 'charts' } as const, '2026-11-20 under rule charts'],
  [{ by: 'request', at: null, rule: null } as const, 'at an unknown time under rule unknown'],
  [{ by: 'sign-in', at: Date.UTC(2026, 10, 20), rule: null } as const, '2026-11-20, their last sign-in (no rule tells)'],
  [{ by: 'none', at: null, rule: null } as const, 'none in the period'],
])('%j in words', (use, words) => {
  expect(useWords(use)).toBe(words);
});
