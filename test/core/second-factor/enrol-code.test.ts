// IT's one-time codes as they are written, and as people type them; and names of passkeys.

import { expect, test } from 'vitest';
import { crockford, readCrockford } from '../../../src/core/second-factor/crockford.ts';
import { enrolCodeBytes, formatEnrolCode, normaliseEnrolCode } from '../../../src/core/second-factor/enrol-code.ts';
import { passkeyName } from '../../../src/core/second-factor/passkey-name.ts';

const bytes = new Uint8Array(enrolCodeBytes).fill(0xff);

test('a code is sixteen characters in four groups', () => {
  expect(formatEnrolCode(bytes)).toBe('ZZZZ-ZZZZ-ZZZZ-ZZZZ');
  expect(formatEnrolCode(new Uint8Array(enrolCodeBytes))).toBe('0000-0000-0000-0000');
  expect(crockford(new Uint8Array([1]), 4)).toBe('01');
  expect(crockford(new Uint8Array(), 4)).toBe('');
});

test.each([
  ['7ZK3-Q0F1-ABCD-EFGH', '7ZK3Q0F1ABCDEFGH'],
  [' 7zk3 q0f1 abcd efgh ', '7ZK3Q0F1ABCDEFGH'],
  ['oOlL-iI00-0000-0000', '0011110000000000'],
  ['7ZK3-Q0F1-ABCD-EFG', null],
  ['7ZK3-Q0F1-ABCD-EFGHJ', null],
  ['7ZK3-Q0F1-ABCD-EFGU', null],
  ['7ZK3-Q0F1-ABCD-EFGı', null],
  ['７ZK3-Q0F1-ABCD-EFGH', null],
  [`${'-'.repeat(85)}7ZK3Q0F1ABCDEFGH`, null],
  ['', null],
])('%j is read as %j', (typed, read) => {
  expect(normaliseEnrolCode(typed)).toBe(read);
});

test('every code that is written is read', () => {
  for (let byte = 0; byte < 256; byte += 1) {
    const code = formatEnrolCode(new Uint8Array(enrolCodeBytes).fill(byte));
    expect(readCrockford(code, 16)).toBe(code.replaceAll('-', ''));
  }
});

test.each<readonly [unknown, string]>([
  ['Desk', 'Desk'],
  [' two\n words\u202e ', 'two words'],
  ['', 'Passkey'],
  ['\u0000', 'Passkey'],
  [undefined, 'Passkey'],
  [7, 'Passkey'],
  ['x'.repeat(41), 'x'.repeat(40)],
  [`${'😀'.repeat(40)}y`, '😀'.repeat(40)],
])('a passkey called %j is %j', (given, name) => {
  expect(passkeyName(given)).toBe(name);
});
