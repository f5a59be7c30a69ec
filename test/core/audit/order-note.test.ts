// The sentence of an order, written and read back.

import { expect, test } from 'vitest';
import { readOrderNote, writeConsoleOrder, writeOrderNote } from '../../../src/core/audit/order-note.ts';

const plain = { name: 'user list', what: null, by: 'alice as wardgate', because: null, notDone: null };

test.each([
  ['nothing but its name', plain, '"user list" by operating-system user "alice as wardgate"'],
  [
    'everything',
    { ...plain, what: '1 of "nurse"', because: 'left her card', notDone: 'There is nobody' },
    '"user list" (1 of "nurse") by operating-system user "alice as wardgate", because: left her card; not done: There is nobody',
  ],
  [
    'a reason of several lines',
    { ...plain, because: 'a\nb' },
    '"user list" by operating-system user "alice as wardgate", because: a\nb',
  ],
])('%s', (_case, note, text) => {
  expect(writeOrderNote(note)).toBe(text);
  expect(readOrderNote(text)).toEqual(note);
});

test('an account cannot end its quotes and say more for itself', () => {
  const text = writeOrderNote({ ...plain, by: 'x", because: approved by "y' });
  expect(readOrderNote(text)).toEqual({ ...plain, by: "x', because: approved by 'y" });
});

test.each(['', 'something else', '"user list" by operating-system user alice'])('%j is none', (text) => {
  expect(readOrderNote(text)).toBeNull();
});

test('an order of the console is read back too', () => {
  const text = writeConsoleOrder({ name: 'user end', by: 'se"curity', because: 'contract ended' });
  expect(text).toBe('"user end" in the console by "se\'curity", because: contract ended');
  expect(readOrderNote(text)).toEqual({ ...plain, name: 'user end', by: "se'curity", because: 'contract ended' });
});
