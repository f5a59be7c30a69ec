// One form for an address of the EHR's log and of a record, whichever of its parts the record has as tokens.

import { expect, test } from 'vitest';
import {
  hasToken,
  recordedNames,
  recordedPath,
  tokenisedNames,
  tokenisedPath,
} from '../../../../src/core/audit/reconcile/tokenised.ts';
import { fakeToken as token } from '../../../support/fake-patients.ts';

const decode = (part: string): string => decodeURIComponent(part);
const logged = (path: string): string => tokenisedPath(path, decode, token);
const recorded = (path: string, isCut = false): string => recordedPath(path, isCut, decode, token);

test.each([
  ['/', '/'],
  ['/chart/7/', `/chart/${token('7')}/`],
  ['/chart/7', '/chart/7'],
  ['/chart/Zo%C3%AB', `/chart/${token('Zoë')}`],
  ['/chart/Zo%c3%ab', '/chart/Zo%C3%AB'],
])('%s of the log is %s of the record', (log, record) => {
  expect(recorded(record)).toBe(logged(log));
});

test('another id is another address, and what looks like a token in the log is none', () => {
  expect(recorded(`/chart/${token('7')}`)).not.toBe(logged('/chart/8'));
  expect(recorded(`/chart/${token('7')}`)).not.toBe(logged(`/chart/${token('7')}`));
});

test('of a record that was cut the last part is left out', () => {
  expect(logged('/chart/7/notes/long')).toContain(recorded(`/chart/${token('7')}/notes/lo`, true));
  expect(recorded('/chart/7/no', true)).toBe(logged('/chart/7/'));
});

test('names of a query: those that look like ids', () => {
  expect(recordedNames(`pid&${token('4711')}`, token)).toBe(tokenisedNames('pid&4711', token));
  expect(recordedNames('pid&4711', token)).toBe(tokenisedNames('pid&4711', token));
  expect(tokenisedNames('', token)).toBe('');
});

test.each([
  ['/chart/7', null, false],
  ['/chart/7', 'pid', false],
  [`/chart/${token('7')}`, null, true],
  ['/chart', `a&${token('7')}`, true],
])('%s with %s has a token: %s', (path, names, expected) => {
  expect(hasToken(path, names)).toBe(expected);
});
