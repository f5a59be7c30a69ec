// A token in an Authorization header: only one of our own form is one, whatever else stands there.

import { expect, test } from 'vitest';
import { isMachineToken, readMachineToken } from '../../../src/core/machines/read-machine-token.ts';

const token = 'wgm_Zm9yIHRlc3RzIG9ubHksIG5vYm9keSBoYXMgdGhpcwA';
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

test('the example has the form', () => {
  expect(token).toHaveLength(47);
});

test.each<readonly [header: string | undefined, read: unknown]>([
  [undefined, null],
  ['', null],
  [`Bearer ${token}`, { name: null, token }],
  [`bearer  ${token} `, { name: null, token }],
  [`BEARER ${token}`, { name: null, token }],
  [`Bearer ${token}x`, null],
  [`Bearer ${token.slice(0, -1)}`, null],
  [`Bearer ${token.replace('wgm_', 'wgx_')}`, null],
  [`Bearer ${token}, Bearer ${token}`, null],
  ['Bearer eyJhbGciOiJub25lIn0.e30.', null],
  [`Digest ${token}`, null],
  [token, null],
  [`Bearer${token}`, null],
  [basic(`lab:${token}`), { name: 'lab', token }],
  [basic(`:${token}`), { name: '', token }],
  [basic(`lab:x:${token}`), null],
  [basic(token), null],
  [basic('lab:secret'), null],
  ['Basic bGFi*', null],
  ['Basic bGFiO', null],
  [`Basic ${token}`, null],
])('%s', (header, read) => {
  expect(readMachineToken(header)).toEqual(read);
});

test.each([
  [token, true],
  [`wgm_${'a'.repeat(43)}`, false],
  [`wgm_${'abcdefghijk'.repeat(4).slice(0, 43)}`, false],
  [`wgm_${'abcdefghijkl'.repeat(4).slice(0, 43)}`, true],
  [token.slice(4), false],
  ['secret', false],
])('configured as %s: %s', (text, taken) => {
  expect(isMachineToken(text)).toBe(taken);
});
