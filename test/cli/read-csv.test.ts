// RFC 4180, and a place for every field and every mistake.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCsv } from '../../src/cli/read-csv.ts';

const textsOf = (text: string): readonly (readonly string[])[] => readCsv(text).rows.map((row) => row.map((field) => field.text));

test.each([
  ['', []],
  ['a,b\nc,d', [['a', 'b'], ['c', 'd']]], // prettier-ignore
  ['a,b\r\nc,d\r\n', [['a', 'b'], ['c', 'd']]], // prettier-ignore
  [',\n', [['', '']]],
  ['"a,b",c', [['a,b', 'c']]],
  ['"say ""hi""",""""', [['say "hi"', '"']]],
  ['"two\r\nlines",x', [['two\r\nlines', 'x']]],
  ['\n\r\na\n\n', [['a']]],
  ['""\n', [['']]],
  [' a , b ', [[' a ', ' b ']]],
  ['a\rb,c', [['a\rb', 'c']]],
])('%j', (text, rows) => {
  expect(textsOf(text)).toEqual(rows);
  expect(readCsv(text).problems).toEqual([]);
});

test('a field knows its place, also behind lines within quotes', () => {
  const [first, second] = readCsv('"a\nb",c\nd,"e"').rows;
  expect(first?.map(({ line, column }) => [line, column])).toEqual([[1, 1], [2, 4]]); // prettier-ignore
  expect(second?.map(({ line, column, quoted }) => [line, column, quoted])).toEqual([[3, 1, false], [3, 3, true]]); // prettier-ignore
});

describe('what is no CSV is named with its place and without its text', () => {
  test.each([
    ['a,se"cret', 1, 5, 'A quote stands within the field'],
    ['x\na,"secret"y,z', 2, 11, 'Text stands after the closing quote'],
    ['x\na,"secret', 2, 3, 'The quote is never closed'],
  ])('%j', (text, line, column, message) => {
    const { problems } = readCsv(text);
    expect(problems[0]).toEqual({ line, column, message: expect.stringContaining(message) });
    expect(JSON.stringify(problems)).not.toContain('cret');
  });
});

test('whatever is written by the rules is read back', () => {
  const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', ' ', 'é'), maxLength: 6 });
  const rows = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 5 });
  const quoted = (one: string): string => `"${one.replaceAll('"', '""')}"`;
  fc.assert(
    fc.property(rows, fc.constantFrom('\n', '\r\n'), (table, end) => {
      const text = table.map((row) => row.map(quoted).join(',') + end).join('');
      const read = readCsv(text);
      expect(read.problems).toEqual([]);
      expect(read.rows.map((row) => row.map((one) => one.text))).toEqual(table);
    }),
  );
});
