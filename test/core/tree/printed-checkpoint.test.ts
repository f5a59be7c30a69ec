// A checkpoint goes to paper and comes back, with the slips of whoever typed it.

import { describe, expect, it } from 'vitest';
import { isTyped, printCheckpoint, printedLines, readPrinted } from '../../../src/core/tree/printed-checkpoint.ts';

const root = Uint8Array.from({ length: 32 }, (_none, at) => (at * 37 + 5) % 256);
const checkpoint = { origin: 'wardgate-audit/1f0c2d3e4a5b6978', size: 1_234_567, root };
const lines = printedLines(printCheckpoint(checkpoint));
const text = lines.join('\n');

describe('a printed checkpoint', () => {
  it('is grouped for reading aloud', () => {
    expect(lines[0]).toBe('Log      1f0c 2d3e 4a5b 6978');
    expect(lines[1]).toBe('Records  1234567');
    expect(lines.slice(2)).toEqual(
      Array.from({ length: 4 }, (_none, at) =>
        expect.stringMatching(new RegExp(`^Root ${at + 1} {3}([0-9a-f]{4} ){4}  check \\d\\d$`)),
      ),
    );
    expect([isTyped(text), isTyped('wardgate-audit/1f0c\n1\n')]).toEqual([true, false]);
  });

  it.each([
    ['as it stands', text],
    ['in capitals', text.toUpperCase()],
    ['without spaces and checks', text.replaceAll(/ {3}check \d\d/g, '').replaceAll(/([0-9a-f]) (?=[0-9a-f]{4})/g, '$1')],
    ['with other lines around it', `A page\r\n\r\n${lines.join('\r\n')}\r\nSigned at noon`],
    ['with thousands apart', text.replace('1234567', '1,234,567')],
  ])('is read back %s', (_what, typed) => {
    expect(readPrinted(typed)).toEqual(checkpoint);
  });

  it.each([
    ['no number of records', text.replace('Records', 'Rec'), /^it does not say which log and how many/],
    ['no log', text.replace('Log', 'Lo'), /^it does not say which log/],
    ['a row left out', lines.toSpliced(3, 1).join('\n'), /^row 2 of its root is missing/],
    [
      'a digit left out',
      text.replace(lines[4] ?? '', (lines[4] ?? '').replace(/(Root 3 {3}....)./, '$1').replace(/(.{13}).(.*)/, '$1$2')),
      /^row 3 of its root is missing or/,
    ],
    [
      'a digit changed',
      text.replace(lines[2] ?? '', (lines[2] ?? '').replace('Root 1   0', 'Root 1   1')),
      /^row 1 of its root was mistyped/,
    ],
  ])('is refused with %s', (_what, typed, why) => {
    expect(readPrinted(typed)).toMatch(why);
  });
});
