// Which multipart bodies are read, and which could be cut into parts in two ways.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fieldOf } from '../../../src/core/policy/fields.ts';
import { readMultipart } from '../../../src/core/policy/multipart.ts';

const head = (parameters: string): string => `Content-Disposition: form-data; ${parameters}`;

/** A form of parts, each its headers and its content. */
function form(...parts: readonly (readonly [headers: string, content: string])[]): string {
  return `${parts.map(([headers, content]) => `--b\r\n${headers}\r\n\r\n${content}\r\n`).join('')}--b--\r\n`;
}

function read(body: string): readonly (readonly [string, readonly string[]])[] | string {
  const fields = readMultipart(new TextEncoder().encode(body), 'b', 'php');
  return 'problem' in fields ? fields.problem : [...fields];
}

describe('read', () => {
  test.each([
    ['no parts', '--b--', []],
    ['a field', form([head('name="pid"'), '5']), [['pid', ['5']]]],
    ['an empty field', form([head('name="pid"'), '']), [['pid', ['']]]],
    ['no last line break', form([head('name=a'), '1']).slice(0, -2), [['a', ['1']]]],
    ['an unquoted name', form([head('name=pid'), '5']), [['pid', ['5']]]],
    ['capitals in headers', form(['CONTENT-disposition:FORM-DATA;Name=a \t', '1']), [['a', ['1']]]],
    ['line breaks inside', form([head('name="a"'), '1\r\n\r\n2\n--c']), [['a', ['1\r\n\r\n2\n--c']]]],
    ['repeats', form([head('name="a"'), '1'], [head('name="a"'), '2']), [['a', ['1', '2']]]],
    ['a file', form([`${head('name="f"; filename="C:\\x\\y.txt"')}\r\nContent-Type: image/png`, '\u0000\u0001']), [['f', ['']]]],
    ['a nameless file name', form([head('name="f"; filename=""'), 'x']), [['f', ['']]]],
    [
      'UTF-8',
      form([head('name="pat"'), 'José %41'], [head('name="é"'), '1']),
      [
        ['pat', ['José %41']],
        ['é', ['1']],
      ],
    ],
    ['4,096 bytes of headers', form([head('name=a').padEnd(4096), '1']), [['a', ['1']]]],
    ['other headers', form([`${head('name="a"')}\r\nX-Note: any thing`, '1']), [['a', ['1']]]],
    ['a plain type', form([`${head('name="a"')}\r\nContent-Type: text/plain; charset="UTF-8"`, '1']), [['a', ['1']]]],
    ['a plain encoding', form([`${head('name="a"')}\r\nContent-Transfer-Encoding: 8BIT`, '1']), [['a', ['1']]]],
    ['folded names', form([head('name="set.pid"'), '1']), [['set_pid', ['1']]]],
    [
      '256 parts',
      form(...Array.from({ length: 256 }, () => [head('name=a'), '1'] as const)),
      [['a', Array.from({ length: 256 }, () => '1')]],
    ],
  ])('%s', (_, body, fields) => {
    expect(read(body)).toEqual(fields);
  });

  test('beyond the slice in which bytes are turned into characters', () => {
    expect(read(form([head('name=a'), 'x'.repeat(60_000)]))).toEqual([['a', ['x'.repeat(60_000)]]]);
  });

  test('a field that is not UTF-8 is ambiguous, as is one whose name is not', () => {
    const bytes = Uint8Array.from(
      form([head('name="a"'), '\u00e9'], [head('name="\u00e9"'), '1'], [head('name="c"'), '1']),
      (character) => character.charCodeAt(0),
    );
    const fields = readMultipart(bytes, 'b', 'php');
    if ('problem' in fields) throw new Error(fields.problem);
    expect(['a', '\u00e9', 'c'].map((name) => fieldOf(fields, name, 'php'))).toEqual([
      { kind: 'ambiguous', detail: 'Field "a" is not valid UTF-8' },
      { kind: 'ambiguous', detail: 'Field "\u00e9" is not valid UTF-8' },
      { kind: 'one', value: '1' },
    ]);
  });

  test.each([
    ['strict', { kind: 'ambiguous', detail: 'Field "c" is sent beside a name that cannot be decoded' }],
    ['java', { kind: 'one', value: '1' }],
  ] as const)('%s: a field beside one whose name is not UTF-8', (dialect, expected) => {
    for (const odd of ['name="\u00e9"', 'name="\u00e9"; filename="x"']) {
      const bytes = Uint8Array.from(form([head(odd), '1'], [head('name="c"'), '1']), (character) => character.charCodeAt(0));
      const fields = readMultipart(bytes, 'b', dialect);
      if ('problem' in fields) throw new Error(fields.problem);
      expect(fieldOf(fields, 'c', dialect)).toEqual(expected);
    }
  });
});

const cut = 'The form does not begin and end with its boundary, or is cut short';
const insideLine = 'A boundary of the form stands inside a line';
const badHeaders = 'A part of the form has headers that cannot be read';
const unnamed = 'A part of the form is not plainly named';

describe('refused', () => {
  test.each([
    ['nothing', '', cut],
    ['no boundary', 'pid=5', cut],
    ['a preamble', `x\r\n${form([head('name=a'), '1'])}`, cut],
    ['an epilogue', `${form([head('name=a'), '1'])}x`, cut],
    ['cut short', form([head('name=a'), '1']).slice(0, -4), cut],
    ['one boundary', '--b', cut],
    ['bare line feeds', form([head('name=a'), '1']).replaceAll('\r\n', '\n'), cut],
    ['a boundary after a bare line feed', form([head('name=a'), `1\n--b\r\n${head('name=c')}\r\n\r\n2`]), insideLine],
    ['a boundary inside a line', form([head('name=a'), '1--b2']), insideLine],
    ['a boundary with a tail', '--bx\r\n\r\n--b--', insideLine],
    ['a blank after the boundary', '--b \r\n\r\n\r\n\r\n--b--', insideLine],
    ['boundaries that share a line break', '--b\r\n--b--', insideLine],
    ['no headers', '--b\r\n\r\n--b--', 'A part of the form has no end of its headers'],
    ['no end of headers', `--b\r\n${head('name=a')}\r\n--b--`, 'A part of the form has no end of its headers'],
    ['4,097 bytes of headers', form([head('name=a').padEnd(4097), '1']), badHeaders],
    ['a folded header', form(['Content-Disposition: form-data;\r\n name=a', '1']), badHeaders],
    ['a bare line feed in a header', form([`${head('name=a')}\nX: y`, '1']), badHeaders],
    ['a blank before the colon', form(['Content-Disposition : form-data; name=a', '1']), badHeaders],
    ['a repeated header', form([`${head('name=a')}\r\n${head('name=b')}`, '1']), badHeaders],
    ['a NUL in a header', form([head('name="a\u0000b"'), '1']), badHeaders],
    [
      'an encoding',
      form([`${head('name=a')}\r\nContent-Transfer-Encoding: base64`, 'MQ==']),
      'A part of the form is encoded as "base64", which is not accepted',
    ],
    [
      'a character set',
      form([`${head('name=a')}\r\nContent-Type: text/plain; charset=utf-7`, '1']),
      'A part of the form has a character set that is not accepted',
    ],
    ['no disposition', form(['Content-Type: text/plain', '1']), unnamed],
    ['another disposition', form(['Content-Disposition: attachment; name=a', '1']), unnamed],
    ['a longer disposition', form(['Content-Disposition: form-datax; name=a', '1']), unnamed],
    ['no parameters', form(['Content-Disposition: form-data', '1']), unnamed],
    ['no name', form([head('filename=a'), '1']), unnamed],
    ['two names', form([head('name=a; name=b'), '1']), unnamed],
    ['an escaped name', form([head('name="a\\b"'), '1']), unnamed],
    ['an escaped quote', form([head('name="a\\"; x="b"'), '1']), unnamed],
    ['a name in another notation', form([head("name=a; name*=UTF-8''b"), '1']), unnamed],
    ['a file name in another notation', form([head("name=a; filename*=UTF-8''b"), '1']), unnamed],
    ['a name as an encoded word', form([head('name="=?utf-8?q?pid?="'), '1']), unnamed],
    ['a name with a percent sign', form([head('name="p%69d"'), '1']), unnamed],
    ['a name with an entity', form([head('name="p&#105;d"'), '1']), unnamed],
    ['a second name within a file name', form([head('name=a; filename="x; name=b"'), '1']), unnamed],
    ['a second name within another parameter', form([head('x="; NAME =b;"; name=a'), '1']), unnamed],
    [
      'a form within a part',
      form([`${head('name=a')}\r\nContent-Type: Multipart/mixed; boundary=c`, '1']),
      'A part of the form is a form of its own',
    ],
    [
      '257 parts',
      form(...Array.from({ length: 257 }, () => [head('name=a'), '1'] as const)),
      'The form has 257 parts, and 256 are accepted',
    ],
  ])('%s', (_, body, problem) => {
    expect(read(body)).toBe(problem);
  });

  test('never throws', () => {
    const piece = fc.constantFrom('--b', '\r\n', '\n', '--', head('name=a'), '; filename=x', '\r\n\r\n', '"', '\u0000', 'é');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const fields = read(pieces.join(''));
        expect(typeof fields === 'string' || Array.isArray(fields)).toBe(true);
      }),
      { seed: 1 },
    );
  });
});
