// Sentences without ids: what a person typed, and what a refusal quotes.

import { expect, test } from 'vitest';
import { hideIds, hideQuotedIds } from '../../../src/core/patients/hide-ids.ts';
import { tokensIn, withIds } from '../../../src/core/patients/shown-tokens.ts';
import { fakeToken } from '../../support/fake-patients.ts';

const mark = (id: string): string => `<${id}>`;

test.each([
  ['Cardiac arrest in bay 4 at 10:30', 'Cardiac arrest in bay 4 at 10:30'],
  ['Patient 90817263 collapsed', 'Patient <90817263> collapsed'],
  ['MRN:90817263, again 90817263.', 'MRN:<90817263>, again <90817263>.'],
  ['(see MRN-90817263)', '(see <MRN-90817263>)'],
  ['born 1970-01-31!?', 'born <1970-01-31>!?'],
  ['', ''],
])('typed %j becomes %j', (typed, written) => {
  expect(hideIds(typed, mark)).toBe(written);
});

test.each([
  [
    `The patient's id "007" is not written in plain digits, such as 7`,
    `The patient's id "<007>" is not written in plain digits, such as 7`,
  ],
  [
    'The part "scan-4711::$DATA" of the address names an NTFS stream',
    'The part "<scan-4711::$DATA>" of the address names an NTFS stream',
  ],
  ['Field "pid" is sent 2 times', 'Field "pid" is sent 2 times'],
  [String.raw`The part "a\"4711" of it`, 'The part "<a"4711>" of it'],
  [String.raw`The part "\x4711" of it`, String.raw`The part "<\x4711>" of it`],
  ['The address has 300 parts, and 256 are accepted', 'The address has 300 parts, and 256 are accepted'],
])('said %j becomes %j', (said, written) => {
  expect(hideQuotedIds(said, mark)).toBe(written);
});

test('tokens in texts are found, and shown as ids where they are known', () => {
  const [seven, eight] = [fakeToken('7'), fakeToken('8')];
  expect(tokensIn([`/p/${seven}/${eight}?x=${seven}`, null, 'none', `${seven}aaa`])).toEqual([seven, eight]);
  expect(withIds(`/p/${seven}/${eight}`, (token) => (token === seven ? '7' : undefined))).toBe(`/p/7/${eight}`);
});
