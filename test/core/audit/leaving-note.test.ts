// The sentence about what was taken away from somebody who left, written and read back.

import { expect, test } from 'vitest';
import { readLeavingNote, writeLeavingNote } from '../../../src/core/audit/leaving-note.ts';

const steps = [
  { what: 'sign-in blocked', count: 1 },
  { what: 'EHR passwords removed', count: 0 },
];

test.each([
  ['without a notice', { steps, notice: null }, 'sign-in blocked: 1, EHR passwords removed: 0'],
  [
    'with one',
    { steps, notice: { at: '2026-11-23T10:00:00.000Z', minutes: 12 } },
    'sign-in blocked: 1, EHR passwords removed: 0; done 12 minutes after the notice at 2026-11-23T10:00:00.000Z',
  ],
])('%s', (_case, note, text) => {
  expect(writeLeavingNote(note)).toBe(text);
  expect(readLeavingNote(text)).toEqual(note);
});

test.each(['', 'sign-in blocked', 'sign-in blocked: 1, ', 'a: 1b: 2', 'a: 1; done 3 minutes after the notice'])(
  '%j is none',
  (text) => {
    expect(readLeavingNote(text)).toBeNull();
  },
);
