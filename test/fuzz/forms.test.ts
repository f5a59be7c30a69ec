// Multipart and urlencoded bodies, whatever their bytes: fields or a problem, never a throw; and a field that we read for
// certain is one that PHP and Java read alike.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fieldOf, readQuery, readUrlencoded } from '../../src/core/policy/fields.ts';
import { formEncoding } from '../../src/core/policy/form-encoding.ts';
import { readMultipart } from '../../src/core/policy/multipart.ts';
import { expectBounded, fuzzTimeout, mixedBytes, mixedText, runs } from '../support/fuzz.ts';
import { aspNet, java, phpSeparate } from '../support/parameter-readers.ts';
import type { ParameterReader } from '../support/parameter-readers.ts';

const dialects = ['strict', 'php', 'java'] as const;
const readers: Readonly<Record<(typeof dialects)[number], readonly ParameterReader[]>> = {
  strict: [phpSeparate, java, aspNet],
  php: [phpSeparate],
  java: [java],
};
const pairPieces = [
  'pat',
  '_',
  'id',
  'pat_id',
  'pat.id',
  '=',
  '=',
  '&',
  '&',
  '+',
  '%20',
  '%5F',
  '%2e',
  '[',
  ']',
  '%5B',
  '%00',
  '%',
  '%zz',
  ';',
  '%c3%a9',
  '%c0%af',
  '1',
  'é',
];
const partPieces = [
  '--b',
  '--b',
  '\r\n',
  '\r\n',
  '\r\n\r\n',
  '--b\r\nContent-Disposition: form-data; name="pat_id"\r\n\r\n',
  'Content-Disposition: form-data',
  '; name="pat_id"',
  '; name=pat_id',
  "; name='pat_id'",
  '; filename="f"',
  '--',
  '\n',
  '5',
  '; name="a"',
  'Content-Type: text/plain',
  ':',
  '"',
  '\\',
  "'",
  ' ',
  'é',
  '\r\n--b--\r\n',
];

/** What the readers hold where we are certain; they must all hold it. */
function agree(dialect: (typeof dialects)[number], text: string, contentType: string | null): number {
  const request = {
    method: 'POST',
    query: contentType === null ? text : '',
    contentType,
    body: contentType === null ? '' : text,
  };
  const fields =
    contentType === null
      ? readQuery(text, dialect)
      : contentType.startsWith('multipart')
        ? readMultipart(Buffer.from(text, 'latin1'), 'b', dialect)
        : readUrlencoded(text, dialect);
  if ('problem' in fields) return 0;
  const reading = fieldOf(fields, 'pat_id', dialect);
  if (reading.kind === 'ambiguous') return 0;
  const own = reading.kind === 'one' ? Buffer.from(reading.value, 'utf8').toString('latin1') : undefined;
  const held = readers[dialect].map((reader) =>
    (contentType === null ? reader.query(request) : reader.form(request)).get('pat_id'),
  );
  expect(held).toEqual(held.map(() => own));
  return reading.kind === 'one' ? 1 : 0;
}

describe.each(dialects)('dialect %s', (dialect) => {
  test('queries and urlencoded forms', { timeout: fuzzTimeout }, () => {
    let certain = 0;
    fc.assert(
      fc.property(mixedBytes(pairPieces), fc.constantFrom(null, 'application/x-www-form-urlencoded'), (text, type) => {
        certain += agree(dialect, text, type);
      }),
      runs(8000),
    );
    expect(certain).toBeGreaterThan(20);
  });

  test('multipart forms', { timeout: fuzzTimeout }, () => {
    let certain = 0;
    const part = mixedBytes(partPieces, 4).map(
      (content) => `--b\r\nContent-Disposition: form-data; name="pat_id"\r\n\r\n${content}\r\n`,
    );
    const whole = fc
      .array(fc.oneof(part, mixedBytes(partPieces, 8)), { minLength: 1, maxLength: 3 })
      .map((list) => `${list.join('')}--b--\r\n`);
    fc.assert(
      fc.property(fc.oneof(whole, mixedBytes(partPieces)), (text) => {
        certain += agree(dialect, text, 'multipart/form-data; boundary=b');
      }),
      runs(4000),
    );
    expect(certain).toBeGreaterThan(20);
  });

  test('64 KB of anything takes one pass', () => {
    expectBounded(['&', '=', 'a[', '[', ']', '.', ' ', '+', '%', '%41', 'a=1&', '\0', 'a&'], (text) =>
      readUrlencoded(text, dialect),
    );
    const hostile = [
      '--b',
      '\r\n',
      '--b\r\n',
      '--b\r\n\r\n\r\n',
      ' ',
      '\t',
      'a: \t',
      '"',
      ';',
      '--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n',
      '; a=b',
    ];
    expectBounded(hostile, (text) => readMultipart(Buffer.from(text), 'b', dialect));
    expectBounded(hostile, (text) => readMultipart(Buffer.from(`--b\r\nContent-Disposition: form-data${text}`), 'b', dialect));
  });
});

test('types of bodies', { timeout: fuzzTimeout }, () => {
  const pieces = [
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    '; ',
    ';',
    'boundary=',
    'b',
    '"',
    '\\',
    'charset=utf-8',
    ',',
    ' ',
    '\t',
    '=',
    "'",
    'text/plain',
    'json',
  ];
  fc.assert(
    fc.property(mixedText(pieces, 10), (text) => {
      const encoding = formEncoding(text);
      if (encoding.kind === 'unreadable') expect(encoding.detail.length).toBeLessThan(300);
      // A type that names a form anywhere is read as one or refused, never passed over.
      if (/form-urlencoded|multipart\//i.test(text)) expect(encoding.kind).not.toBe('none');
      if (encoding.kind === 'multipart') expect(encoding.boundary).toMatch(/^[\w'()+\-./:=?]{1,70}$/);
    }),
    runs(4000),
  );
  expectBounded(['; a=b', ';', ' ', 'multipart/', '"'], (text) => formEncoding(text));
});
