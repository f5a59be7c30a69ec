// The quick reader of YAML against the parser of all of it: what the one takes, the other reads as the same values in the
// same lines, without a mistake and without a warning.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { isMap, isSeq } from 'yaml';
import { expect, test } from 'vitest';
import { Findings } from '../../src/config/mistake.ts';
import { readDocument } from '../../src/config/yaml-document.ts';
import type { ParsedText } from '../../src/config/yaml-document.ts';
import { plainValue } from '../../src/config/yaml-plain.ts';
import { readQuickly } from '../../src/config/yaml-quick.ts';
import { fuzzTimeout, runs } from '../support/fuzz.ts';

/** True where the quick reader took it. */
function compared(text: string): boolean {
  const quick = readQuickly(text);
  if (quick === null) return false;
  const findings = new Findings();
  const parsed = readDocument('x.yaml', text, findings);
  const value = parsed === null ? null : plainValue(parsed);
  expect({ text, found: [...findings.mistakes, ...findings.warnings] }).toEqual({ text, found: [] });
  expect({ text, value: quick.value }).toEqual({ text, value });
  expect({ text, lines: linesOf(quick.value, quick.lines) }).toEqual({
    text,
    lines: parsed === null ? null : parsedLines(parsed, parsed.document.contents),
  });
  return true;
}

function linesOf(value: unknown, lines: ReadonlyMap<unknown, number>): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return [lines.get(value), ...Object.values(value).map((one) => linesOf(one, lines))];
}

function parsedLines(parsed: ParsedText, node: unknown): unknown[] {
  if (isSeq(node)) return [lineOf(parsed, node.range), ...node.items.map((item) => parsedLines(parsed, item))];
  if (!isMap(node)) return [];
  return [lineOf(parsed, node.range), ...node.items.map(({ value }) => parsedLines(parsed, value))];
}

function lineOf(parsed: ParsedText, range: readonly number[] | null | undefined): number {
  return parsed.placeOf(range?.[0] ?? 0).line;
}

test.each(['config', 'config/presets'])('the files in %s', (directory) => {
  const files = readdirSync(directory).filter((name) => name.endsWith('.yaml'));
  for (const file of files) compared(readFileSync(join(directory, file), 'utf8'));
  expect(compared(readFileSync('config/rules.yaml', 'utf8'))).toBe(true);
});

test.each([
  'a: 1',
  'a: "b c"\nd: \'e # f\'\n',
  'rules:\n  - name: a\n    paths: ["/a/{id}", /b/*]\n    hours: Mon-Fri 07:00-19:00 # at work\n  # between\n  - name: b\n',
  'rules:\n- a: 1\n- b\nc: { d: [], e: {}, f: [x, y, ] }\n',
  'rules:\n  - {\n      name: a, # why\n      paths: [\n        /a,\n        /b,\n      ],\n    }\n',
  'a:\n  b:\n    - c:\n        d: 6y\n      e: 15d\n    - f\n',
  'a: 127.0.0.0/8\nb: True\nc: null\n',
])('%j is read quickly', (text) => {
  expect(compared(text)).toBe(true);
});

test.each([
  ['two keys of one name', 'a: 1\na: 2\n'],
  ['a name of JavaScript', '__proto__: 1\n'],
  ['a variable', 'a: "${B}"\n'],
  ['an escape', 'a: "b\\nc"\n'],
  ['a quote within quotes', "a: 'it''s'\n"],
  ['a tab', 'a:\tb\n'],
  ['an anchor', 'a: &b c\n'],
  ['an alias', 'a: *b\n'],
  ['a tag', 'a: !b c\n'],
  ['a merge', '<<: { a: b }\n'],
  ['a text over several lines', 'a: b\n  c\n'],
  ['a block of text', 'a: |\n  b\n'],
  ['several documents', 'a: b\n---\nc: d\n'],
  ['a directive', '%YAML 1.1\n---\na: b\n'],
  ['no value', 'a:\nb: 1\n'],
  ['a key in braces alone', 'a: {b}\n'],
  ['a colon in a word', 'a: b:c\n'],
  ['a colon too many', 'a: b: c\n'],
  ['a comment without its blank', 'a: b #c\n'],
  ['such a comment lines below', 'a: [b\n  #c\n  ]\n'],
  ['a comma at the end', 'a: b,\n'],
  ['a fraction', 'a: 1.5\n'],
  ['a number by eights', 'a: 010\n'],
  ['a number by sixteens', 'a: 0x1F\n'],
  ['an entry moved to the left', 'a:\n  - b: 1\n c: 2\n'],
  ['an entry moved to the right', 'a:\n  b: 1\n   c: 2\n'],
  ['a bracket that stays open', 'a: [b\n'],
  ['a bracket moved to the left', 'a:\n  b: [\n  c]\n'],
  ['nested too deeply', `a: ${'['.repeat(14)}b${']'.repeat(14)}\n`],
  ['a list', '- a\n'],
  ['nothing', ''],
])('%s is left to the parser', (_, text) => {
  expect(readQuickly(text)).toBeNull();
});

const words = ['a', 'b-c', '/x/*/y', '6y', '12', 'true', 'Null', '"q r"', "'s'", '08:00', 'a b'];
const odd = [
  '/x/{y}/**',
  '1.5',
  '007',
  '0x1f',
  '1e3',
  'a, b',
  ': ',
  ':',
  ' #c',
  ' # c',
  '#',
  '- ',
  '-',
  '\n',
  '\n  ',
  '\n#x',
  '\t',
  ' ',
  '  ',
  ',',
  ', ',
  ';',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  '\\',
  '&a ',
  '*',
  '!',
  '|',
  '>',
  '?',
  '%',
  '@',
  '`',
  '~',
  '<<: ',
  '${X}',
  'é',
  '\u00A0',
  '\u00AD',
  '“',
  '\r\n',
  '---\n',
  '...\n',
];

type Nested = string | readonly Nested[] | { readonly [key: string]: Nested };

const nested = fc.letrec<{ node: Nested }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...words),
    fc.array(tie('node'), { minLength: 1, maxLength: 3 }),
    fc.dictionary(fc.constantFrom('k', 'name', 'x-y', 'true', 'n.m'), tie('node'), { minKeys: 1, maxKeys: 3 }),
  ),
})).node;

/** In one of the forms that people write, which the number chooses. */
function written(value: Nested, form: number, margin: string): string {
  if (typeof value === 'string') return ` ${value}`;
  const inner = `${margin}${form % 3 === 0 ? '    ' : '  '}`;
  const entries = Array.isArray(value)
    ? (value as readonly Nested[]).map((one) => ['-', one] as const)
    : Object.entries(value as Record<string, Nested>).map(([key, one]) => [`${key}:`, one] as const);
  const mark = Array.isArray(value) ? '[]' : '{}';
  const flow = entries.map(([key, one]) => `${key === '-' ? '' : key}${written(one, form + 7, inner)}`);
  if (form % 7 === 1) return ` ${mark[0]}${flow.join(', ')}${mark[1]}`;
  if (form % 7 === 2) return ` ${mark[0]}\n${inner}${flow.join(`,\n${inner}`)}\n${inner}${mark[1]}`;
  const space = form % 5 === 1 ? '\n# note' : '';
  return `${space}\n${entries.map(([key, one]) => `${inner}${key}${written(one, form + 1, inner)}`).join('\n')}`;
}

test('whatever it takes, the parser reads alike', { timeout: fuzzTimeout }, () => {
  const seen = { taken: 0, left: 0 };
  const place = fc.nat({ max: 200 });
  const wrongs = fc.array(fc.tuple(place, fc.constantFrom(...odd), fc.nat({ max: 3 })), { maxLength: 2 });
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'c'), nested, { minKeys: 1 }), fc.nat(), wrongs, (value, form, put) => {
      const sound = Object.entries(value).map(([key, one], at) => `${key}:${written(one, form + at, '')}`);
      const text = put.reduce((now, [at, piece, cut]) => {
        const from = at % (now.length + 1);
        return now.slice(0, from) + piece + now.slice(from + cut);
      }, sound.join('\n'));
      seen[compared(`${text}\n`) ? 'taken' : 'left'] += 1;
    }),
    runs(2000),
  );
  expect(seen.taken).toBeGreaterThan(300);
  expect(seen.left).toBeGreaterThan(300);
});
