import { expect, test } from 'vitest';
import { lineDiff } from '../../../src/core/text/line-diff.ts';
import { visible } from '../../../src/core/text/visible.ts';

const text = (...lines: string[]): string => lines.join('\n');
const long = Array.from({ length: 3000 }, (_, index) => `line ${index}`);

test.each<[string, string, string, readonly string[]]>([
  ['the same', text('a', 'b'), text('a', 'b'), []],
  ['a line that goes', text('a', 'b', 'c'), text('a', 'c'), ['  a', '- b', '  c']],
  ['a line that comes', text('a', 'c'), text('a', 'b', 'c'), ['  a', '+ b', '  c']],
  ['another line', text('a', 'b', 'c'), text('a', 'x', 'c'), ['  a', '- b', '+ x', '  c']],
  ['lines around what stays', text('a', 'k', 'b'), text('x', 'k', 'y'), ['- a', '+ x', '  k', '- b', '+ y']],
  [
    'far apart',
    text('1', '2', '3', '4', '5', '6', '7', '8', '9'),
    text('x', '2', '3', '4', '5', '6', '7', '8', 'y'),
    ['- 1', '+ x', '  2', '  3', '…', '  7', '  8', '- 9', '+ y'],
  ],
  ['the ends of lines of Windows', 'a\r\nb', 'a\nb', []],
])('%s', (_what, before, after, expected) => {
  expect(lineDiff(before, after)).toEqual(expected);
});

test('what is too long to be compared line by line goes and comes whole', () => {
  const lines = lineDiff(text(...long), text(...long.map((line) => `${line}!`)));
  expect(lines.filter((line) => line.startsWith('- '))).toHaveLength(3000);
  expect(lines.filter((line) => line.startsWith('+ '))).toHaveLength(3000);
});

test('what cannot be seen is written as its number', () => {
  expect(visible('a\u202Eb\u0007c\u2028d\ud800e ä')).toBe('a\\u{202e}b\\u{7}c\\u{2028}d\\u{d800}e ä');
});
