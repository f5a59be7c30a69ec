// Which texts a person has still to acknowledge.

import { expect, test } from 'vitest';
import type { ClinicText } from '../../../src/core/acknowledgement/clinic-text.ts';
import { dueTexts, laterSeconds } from '../../../src/core/acknowledgement/due-texts.ts';
import type { Said } from '../../../src/core/acknowledgement/due-texts.ts';

const now = Date.parse('2026-11-30T18:00:00Z');
const at = { now, today: '2026-11-30' };
const text: ClinicText = {
  id: 'sanctions',
  title: 'Sanctions',
  version: '2',
  hash: 'b',
  text: 'Words',
  roles: null,
  againSeconds: null,
  postpone: null,
};
const mark = { id: 'sanctions', version: '2', hash: 'b' };
const read = (more: object = {}): Said => ({ acknowledged: [{ ...mark, at: now - 1000, ...more }], putOff: [] });
const later = (times: number, ago: number): Said => ({ acknowledged: [], putOff: [{ ...mark, times, at: now - ago }] });
const none: Said = { acknowledged: [], putOff: [] };
const left = (given: Partial<ClinicText>, said: Said) =>
  dueTexts([{ ...text, ...given }], ['nurse'], said, at).map(({ postponementsLeft }) => postponementsLeft);

const twice = { postpone: { times: 2, untilDay: null } };
const over = laterSeconds * 1000;

test.each<readonly [string, Partial<ClinicText>, Said, readonly number[]]>([
  ['nothing said', {}, none, [0]],
  ['read', {}, read(), []],
  ['an older version', {}, read({ version: '1' }), [0]],
  ['other words in the same version', {}, read({ hash: 'a' }), [0]],
  ['another text', {}, read({ id: 'other' }), [0]],
  ['a role that is theirs', { roles: ['clerk', 'nurse'] }, none, [0]],
  ['a role that is not', { roles: ['clerk'] }, none, []],
  ['not lapsed yet', { againSeconds: 2 }, read(), []],
  ['lapsed', { againSeconds: 1 }, read(), [0]],
  ['may be put off', twice, none, [2]],
  ['put off a moment ago', twice, later(1, 0), []],
  ['put off just within the time', twice, later(1, over - 1), []],
  ['put off, and the time is over', twice, later(1, over), [1]],
  ['put off as often as may be', twice, later(2, over), [0]],
  ['put off more often than may be now', twice, later(5, over), [0]],
  ['put off by a clock that was ahead', twice, later(1, -1), [1]],
  ['the last day of putting off', { postpone: { times: 1, untilDay: '2026-11-30' } }, none, [1]],
  ['the day after', { postpone: { times: 1, untilDay: '2026-11-29' } }, none, [0]],
])('%s', (_, given, said, expected) => {
  expect(left(given, said)).toEqual(expected);
});
