// What a record says of a text that was acknowledged is read back as it was written.

import { expect, test } from 'vitest';
import { readAcknowledgedNote, writeAcknowledgedNote } from '../../../src/core/audit/acknowledged-note.ts';

const text = { id: 'sanctions', version: '2026-11 (b)', hash: 'a1'.repeat(32) };

test('written and read', () => {
  expect(readAcknowledgedNote(writeAcknowledgedNote(text))).toEqual(text);
});

test.each(['', 'sanctions', '"a" version "b", SHA-256 short', `x"a" version "b", SHA-256 ${text.hash}`])('%j is none', (said) => {
  expect(readAcknowledgedNote(said)).toBeNull();
});
