import { expect, test } from 'vitest';
import { mostNoteCharacters, readRulesNote, writeRulesNote } from '../../../src/core/audit/rules-note.ts';
import type { RulesNote } from '../../../src/core/audit/rules-note.ts';

const author = {
  deed: 'applied',
  person: 'Ada Lovelace (root)',
  time: '2026-11-23T10:00:00.000Z',
  approver: 'Dr. Jones',
  reason: 'nurses print letters',
} as const;

test.each<[string, RulesNote]>([
  ['with everything', { of: 'rules', before: '1234abcd', after: '5678cdef', author }],
  ['without an approver', { of: 'rules', before: '1234abcd', after: '5678cdef', author: { ...author, approver: null } }],
  ['rolled back', { of: 'rules', before: '1234abcd', after: '5678cdef', author: { ...author, deed: 'rolled back' } }],
  ['claimed', { of: 'rules', before: '1234abcd', after: '5678cdef', author: { ...author, deed: 'claimed' } }],
  ['of gateway.yaml', { of: 'settings', before: '1234abcd', after: '5678cdef', author }],
  ['by hand', { of: 'rules', before: '1234abcd', after: '5678cdef', author: null }],
  ['after nothing known', { of: 'rules', before: null, after: '5678cdef', author: null }],
])('what is written is read back: %s', (_what, note) => {
  expect(readRulesNote(writeRulesNote(note))).toEqual(note);
});

test('a quote in a name or a reason ends nothing', () => {
  const hostile = { ...author, person: 'x" at now', approver: 'y", because "z', reason: 'because "I can"' };
  expect(readRulesNote(writeRulesNote({ of: 'rules', before: 'a', after: 'b', author: hostile }))?.author).toEqual({
    ...hostile,
    person: "x' at now",
    approver: "y', because 'z",
    reason: "because 'I can'",
  });
});

test('the longest sentence fits into a record, whole', () => {
  const long = {
    ...author,
    deed: 'rolled back',
    person: 'p'.repeat(500),
    approver: 'a'.repeat(500),
    reason: 'r'.repeat(500),
  } as const;
  const written = writeRulesNote({ of: 'rules', before: '0'.repeat(16), after: '1'.repeat(16), author: long });
  expect(written.length).toBeLessThanOrEqual(512);
  expect(readRulesNote(written)?.author?.reason).toHaveLength(mostNoteCharacters.reason);
});

test.each(['', 'The rules were loaded again', 'Rules a replaced by b', 'Rules a replaced by b: applied by "x" at now'])(
  '%j is no such sentence',
  (text) => {
    expect(readRulesNote(text)).toBeNull();
  },
);
