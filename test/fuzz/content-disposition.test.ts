// Content-Disposition, whatever the EHR writes: no throw, a name no longer than the header, and in doubt a download.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDisposition } from '../../src/core/downloads/content-disposition.ts';
import { expectBounded, fuzzTimeout, mixedText, runs } from '../support/fuzz.ts';

const pieces = [
  'attachment',
  'inline',
  'attachement',
  'download',
  ';',
  '; ',
  'filename=',
  'filename*=',
  "UTF-8''",
  'filename*0*=',
  '"',
  'a.zip',
  ' ',
  '=',
  ',',
  '\t',
  '\\',
  '%41',
  'é',
];

test('only a plain inline is inline', { timeout: fuzzTimeout }, () => {
  let inline = 0;
  fc.assert(
    fc.property(mixedText(pieces, 12), (text) => {
      const read = readDisposition(text);
      expect(read === null).toBe(text.trim() === '');
      if (read === null) return;
      expect(read.fileName.length).toBeLessThanOrEqual(text.length);
      expect(read.fileName).not.toMatch(/["\n]/);
      if (!read.inline) return;
      inline += 1;
      expect(text.trim().toLowerCase()).toMatch(/^inline(?:[\s;,="]|$)/);
      expect(
        text
          .replaceAll(/"[^"]*"?/g, '')
          .replaceAll(/\s+/g, ' ')
          .toLowerCase(),
      ).not.toMatch(/[;,] ?attach/);
    }),
    runs(2500),
  );
  expect(inline).toBeGreaterThan(20);
});

test('64 KB of anything takes one pass', () => {
  expectBounded(
    ['filename', 'filename=', 'filename=a;', '"', ' ', '\t', ';', "''", 'filename*', 'filename*1', '=', ', attach', '- '],
    readDisposition,
  );
});
