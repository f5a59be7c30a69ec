// What one field of a query or form says, in each upstream's way of reading, and where it cannot be told.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fieldOf, readQuery, readUrlencoded } from '../../../src/core/policy/fields.ts';
import type { ParameterDialect } from '../../../src/core/policy/policy.ts';

/** `absent`, `=value`, or the sentence that says why it is ambiguous. */
function read(query: string, name: string, dialect: ParameterDialect): string {
  const reading = fieldOf(readQuery(query, dialect), name, dialect);
  switch (reading.kind) {
    case 'absent':
      return 'absent';
    case 'one':
      return `=${reading.value}`;
    case 'ambiguous':
      return reading.detail;
    default:
      return 'unreachable';
  }
}

const twice = 'Field "pid" is sent 2 times';
const twoWays = 'Field "set_pid" is spelled in two ways';
const array = 'Field "set_pid" is sent as an array';
const encoded = 'Field "pid" is not percent-encoded as it must be';
const semicolon = 'Field "pid" is sent beside a ";", which separates fields for some servers';
const percent = 'Field "pid" is sent beside a "%" that encodes nothing';

describe('one field', () => {
  test.each([
    // query, name, strict, php, java
    ['', 'pid', 'absent', 'absent', 'absent'],
    ['&&', 'pid', 'absent', 'absent', 'absent'],
    ['x=1', 'pid', 'absent', 'absent', 'absent'],
    ['pid', 'pid', '=', '=', '='],
    ['pid=', 'pid', '=', '=', '='],
    ['pid=5', 'pid', '=5', '=5', '=5'],
    ['a&&pid=5&', 'pid', '=5', '=5', '=5'],
    ['pid=a=b', 'pid', '=a=b', '=a=b', '=a=b'],
    ['pid=a+b%20c%2Bd', 'pid', '=a b c+d', '=a b c+d', '=a b c+d'],
    ['pid=Jos%C3%A9', 'pid', '=José', '=José', '=José'],
    ['%70id=5', 'pid', '=5', '=5', '=5'],
    ['a;pid=5', 'pid', semicolon, 'absent', 'absent'],
    ['pid]=5', 'pid', 'absent', 'absent', 'absent'],
    ['pid=5;x', 'pid', semicolon, '=5;x', '=5;x'],
    ['pid=5&x=%3B', 'pid', '=5', '=5', '=5'],
    // Repeats.
    ['pid=5&pid=5', 'pid', twice, '=5', '=5'],
    ['pid=5&pid=6', 'pid', twice, twice, twice],
    ['pid=5&%70id=6', 'pid', twice, twice, twice],
    // Capitals.
    ['PID=5', 'pid', 'Field "pid" is spelled "PID"', 'absent', 'absent'],
    ['pid=5&PID=5', 'pid', 'Field "pid" is spelled in two ways', '=5', '=5'],
    ['patientId=5', 'patientId', '=5', '=5', '=5'],
    // What PHP folds.
    ['set.pid=5', 'set_pid', 'Field "set_pid" is spelled "set.pid"', '=5', 'absent'],
    ['set%20pid=5', 'set_pid', 'Field "set_pid" is spelled "set pid"', '=5', 'absent'],
    ['set%5Fpid=5', 'set_pid', '=5', '=5', '=5'],
    ['pid+=5', 'pid', 'Field "pid" is spelled "pid "', 'absent', 'absent'],
    ['?pid=5', 'pid', 'Field "pid" is spelled "?pid"', 'absent', 'absent'],
    ['++set_pid=5', 'set_pid', 'Field "set_pid" is spelled "  set_pid"', '=5', 'absent'],
    ['set[pid=5', 'set_pid', 'Field "set_pid" is spelled "set[pid"', '=5', 'absent'],
    ['set_pid%00x=5', 'set_pid', 'Field "set_pid" is spelled "set_pid\\u0000x"', '=5', 'absent'],
    [
      'set_pid%00%ff=5',
      'set_pid',
      'Field "set_pid" is not percent-encoded as it must be',
      'Field "set_pid" is not percent-encoded as it must be',
      'absent',
    ],
    ['set.pid=5&set_pid=5', 'set_pid', twoWays, twoWays, '=5'],
    ['set_pid[]=5', 'set_pid', 'Field "set_pid" is spelled "set_pid[]"', array, 'absent'],
    ['set_pid[a]=5', 'set_pid', 'Field "set_pid" is spelled "set_pid[a]"', array, 'absent'],
    ['set_pid=5&set_pid[]=5', 'set_pid', twoWays, array, '=5'],
    ['set[p.id=5', 'set_p_id', 'Field "set_p_id" is spelled "set[p.id"', 'Field "set_p_id" is sent as an array', 'absent'],
    ['[pid=5', '_pid', 'Field "_pid" is spelled "[pid"', 'Field "_pid" is sent as an array', 'absent'],
    ['set_pid=5', 'set.pid', 'Field "set.pid" is spelled "set_pid"', '=5', 'absent'],
    // An array the rule itself names.
    ['as[]=5', 'as[]', '=5', 'Field "as[]" is sent as an array', '=5'],
    // What cannot be decoded.
    ['pid=%zz', 'pid', encoded, encoded, encoded],
    ['pid=%', 'pid', encoded, encoded, encoded],
    ['pid=%C0%AF', 'pid', encoded, encoded, encoded],
    ['%70id=%E9', 'pid', encoded, encoded, encoded],
    ['pid=5&x=%zz', 'pid', percent, '=5', '=5'],
    ['pid=5&x=%E9', 'pid', '=5', '=5', '=5'],
    ['pid=5&%E9=1', 'pid', 'Field "pid" is sent beside a name that cannot be decoded', '=5', '=5'],
    ['%u0070id=5', 'pid', percent, 'absent', 'absent'],
    ['%C1%B0id=5', 'pid', 'Field "pid" is sent beside a name that cannot be decoded', 'absent', 'absent'],
  ])('%j %s', (query, name, strict, php, java) => {
    expect([read(query, name, 'strict'), read(query, name, 'php'), read(query, name, 'java')]).toEqual([strict, php, java]);
  });
});

describe('many fields', () => {
  test.each(['strict', 'php', 'java'] as const)('%s reads 1,000 and no more', (dialect) => {
    const filler = Array.from({ length: 999 }, (_, at) => `f${at}=1`).join('&');
    expect(read(`${filler}&pid=5`, 'pid', dialect)).toBe('=5');
    const tooMany = 'is one of 1001 fields, and 1000 are read for certain';
    expect(read(`${filler}&pid=5&x`, 'pid', dialect)).toBe(`Field "pid" ${tooMany}`);
    expect(read(`${filler}&pid=5&x`, 'missing', dialect)).toBe(`Field "missing" ${tooMany}`);
  });

  test('strict counts those that another server may find, too', () => {
    const halves = Array.from({ length: 400 }, (_, at) => `f${at};g${at}=1`).join('&');
    expect(read(halves, 'pid', 'strict')).toBe('Field "pid" is one of 1200 fields, and 1000 are read for certain');
    expect(read(halves, 'pid', 'php')).toBe('absent');
  });
});

test('the map holds names as the dialect folds them, and raw text where it cannot be decoded', () => {
  expect([...readQuery('b.c=1&B.c=%zz&b.c=3', 'php')]).toEqual([
    ['b_c', ['1', '3']],
    ['B_c', ['%zz']],
  ]);
  expect([...readQuery('b.c=1', 'java').keys()]).toEqual(['b.c']);
});

test('no query has no fields', () => {
  expect([readQuery(null, 'php').size, readQuery('', 'php').size]).toEqual([0, 0]);
});

test('a body with raw bytes or line breaks is not encoded as it must be', () => {
  for (const body of ['pid=\u00e9', 'pid=5\r\n', 'pid=5\u0000']) {
    expect(fieldOf(readUrlencoded(body, 'php'), 'pid', 'php').kind).toBe('ambiguous');
  }
  expect(fieldOf(readUrlencoded('\u00e9=1&pid=a b', 'php'), 'pid', 'php')).toEqual({ kind: 'one', value: 'a b' });
});

test('a plain map has no doubts', () => {
  const plain = new Map<string, readonly string[]>([
    ['a', ['1']],
    ['b', []],
    ['c', ['1', '2']],
  ]);
  expect(['a', 'b', 'c', 'd'].map((name) => fieldOf(plain, name, 'strict').kind)).toEqual([
    'one',
    'absent',
    'ambiguous',
    'absent',
  ]);
});

test('never throws, and a single well-formed field is read back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('strict', 'php', 'java'), (text, dialect) => {
      readUrlencoded(text, dialect);
      if (!text.isWellFormed()) return;
      const reading = fieldOf(readQuery(`pid=${encodeURIComponent(text)}`, dialect), 'pid', dialect);
      expect(reading).toEqual({ kind: 'one', value: text });
    }),
  );
});
