// One order of a command: what is read, and what is refused before anybody looks at it.

import { expect, test } from 'vitest';
import { orderLimits, readOrder } from '../../../src/core/control/read-order.ts';

const sound = { version: 1, order: 'user list', by: 'alice', because: null, fields: {} };
const long = (length: number): string => 'x'.repeat(length);
const many = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${'-'.repeat(at)}`, '']));

test.each<readonly [what: string, given: unknown, read: object]>([
  ['no fields and no reason', { version: 1, order: 'user list', by: 'alice' }, { because: null, fields: new Map() }],
  ['a reason', { ...sound, because: ' a lost phone ' }, { because: 'a lost phone' }],
  ['an empty reason, which is none', { ...sound, because: '  ' }, { because: null }],
  ['fields', { ...sound, fields: { person: 'maria', 'noticed-at': '' } }, { fields: new Map(Object.entries({ person: 'maria', 'noticed-at': '' })) }], // prettier-ignore
  ['one word', { ...sound, order: 'unwind' }, { name: 'unwind' }],
  ['the longest of everything', { ...sound, by: long(orderLimits.by), because: long(orderLimits.because), fields: many(orderLimits.fields) }, { name: 'user list' }], // prettier-ignore
])('an order with %s is read', (_what, given, read) => {
  expect(readOrder(given)).toMatchObject({ ok: true, order: { by: expect.any(String) as string, ...read } });
});

test.each<readonly [what: string, given: unknown, why: string]>([
  ['nothing', undefined, 'An order is a JSON object'],
  ['null', null, 'An order is a JSON object'],
  ['a list', [sound], 'An order is a JSON object'],
  ['a text', 'user list', 'An order is a JSON object'],
  ['a key more', { ...sound, uid: 0 }, 'An order has a key that is not known'],
  ['a prototype', JSON.parse('{"__proto__":{"version":1},"order":"user list"}'), 'An order has a key that is not known'],
  ['no version', { ...sound, version: undefined }, 'This gateway takes orders of version 1; run the command of the same program'],
  ['another version', { ...sound, version: 2 }, 'This gateway takes orders of version 1; run the command of the same program'],
  ['no name', { ...sound, order: undefined }, 'The order has no name'],
  ['a name too long', { ...sound, order: long(orderLimits.name + 1) }, 'The order has no name'],
  ['a name of three words', { ...sound, order: 'user list all' }, 'The order has no name'],
  ['a name with a line in it', { ...sound, order: 'user\nlist' }, 'The order has no name'],
  ['nobody', { ...sound, by: undefined }, 'The order does not say who gives it'],
  ['an empty somebody', { ...sound, by: '' }, 'The order does not say who gives it'],
  ['somebody too long', { ...sound, by: long(orderLimits.by + 1) }, 'The order does not say who gives it'],
  ['a reason that is a number', { ...sound, because: 1 }, 'The reason is longer than 300 characters'],
  ['a reason too long', { ...sound, because: long(301) }, 'The reason is longer than 300 characters'],
  ['fields that are a list', { ...sound, fields: [] }, 'The fields of the order cannot be read'],
  ['fields that are a text', { ...sound, fields: 'person' }, 'The fields of the order cannot be read'],
  ['too many fields', { ...sound, fields: many(orderLimits.fields + 1) }, 'The fields of the order cannot be read'],
  ['a field in capitals', { ...sound, fields: { Person: 'maria' } }, 'The fields of the order cannot be read'],
  ['a field name too long', { ...sound, fields: { [long(41)]: 'maria' } }, 'The fields of the order cannot be read'],
  ['a field that is a number', { ...sound, fields: { person: 7 } }, 'The fields of the order cannot be read'],
  ['a field too long', { ...sound, fields: { person: long(513) } }, 'The fields of the order cannot be read'],
  ['fields of a prototype', { ...sound, fields: JSON.parse('{"__proto__":"x"}') }, 'The fields of the order cannot be read'],
])('%s is refused', (_what, given, why) => {
  expect(readOrder(given)).toEqual({ ok: false, why });
});
