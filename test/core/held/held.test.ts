// How long a post is held, which body asks for one, what of it is shown as typed, and when it may be offered to be sent.

import { describe, expect, test } from 'vitest';
import { isWithinHold } from '../../../src/core/held/held-lifetime.ts';
import { maySendAgain } from '../../../src/core/held/may-send-again.ts';
import { markedId, markerBytes } from '../../../src/core/held/send-marker.ts';
import { typedFields, typedText } from '../../../src/core/held/typed-fields.ts';
import type { Match } from '../../../src/core/policy/match-rule.ts';

const minute = 60_000;

test.each([
  [0, true],
  [30 * minute - 1, true],
  [30 * minute, false],
  [-1, false],
])('what is %i milliseconds old counts: %s', (age, counts) => {
  expect(isWithinHold(1_000_000_000, 1_000_000_000 + age)).toBe(counts);
});

const id = 'a'.repeat(43);

test.each([
  ['the marker alone', `wardgate-held=${id}`, id],
  ['another name', `wardgate-hold=${id}`, null],
  ['a shorter id', `wardgate-held=${id.slice(1)}`, null],
  ['an odd character', `wardgate-held=${id.slice(1)}%`, null],
  ['more behind it', `wardgate-held=${id}=`, null],
  ['no value', 'wardgate-held', null],
])('a body with %s', (_what, body, found) => {
  expect(markedId(body)).toBe(found);
});

test('a body that asks has one length', () => expect(`wardgate-held=${id}`.length).toBe(markerBytes));

describe('what is shown', () => {
  test('are fields with something in them, and never a password', () => {
    const fields = new Map([
      ['note', ['The wound is dry', '']],
      ['pid', ['7']],
      ['csrf_token', ['a b']],
      ['userPass', ['secret words']],
      ['pwd', ['x']],
    ]);
    expect(typedFields(fields)).toEqual([
      { name: 'note', text: 'The wound is dry', isTyped: true },
      { name: 'pid', text: '7', isTyped: false },
      { name: 'csrf_token', text: 'a b', isTyped: false },
    ]);
  });

  test('is bounded', () => {
    const many = new Map([['n', Array.from({ length: 300 }, () => 'x')]]);
    expect(typedFields(many)).toHaveLength(200);
    expect(typedFields(new Map([['n', ['x'.repeat(200_000)]]]))[0]?.text).toHaveLength(100_000);
    expect(typedText('y'.repeat(200_000))).toMatchObject([{ text: 'y'.repeat(100_000), isTyped: true }]);
  });
});

test.each([
  ['a rule', { match: 'rule', rule: {} }, 'yes'],
  ['a rule that says so', { match: 'rule', rule: { hold: true } }, 'yes'],
  ['a rule with hold: false', { match: 'rule', rule: { hold: false } }, 'not-by-rule'],
  ['no rule', { match: 'none' }, 'refused'],
  ['the list of what is always denied', { match: 'deny-always', at: '' }, 'refused'],
])('by %s it may be sent: %s', (_what, found, may) => {
  expect(maySendAgain(found as unknown as Match)).toBe(may);
});
