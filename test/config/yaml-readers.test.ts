// One reader decides what a file says. What YAML allows and no file of ours holds is refused with its place, also where the reader
// that finds the words for mistakes would take it.

import { expect, test } from 'vitest';
import { Findings } from '../../src/config/mistake.ts';
import { parseYamlSource } from '../../src/config/yaml-source.ts';
import { expectBounded } from '../support/fuzz.ts';
import { decided, otherwise } from '../support/yaml-shape.ts';

test.each([
  ['numbers, truth values and nulls of YAML 1.2', 'a: [1, +1, -0, 01, 0x1F, 0o17, 1.5, .5, 1., 1e3, -.inf, .NaN, true, False, null, ~, Null]'],
  ['what only YAML 1.1 takes for more than text', 'a: [yes, no, on, off, 0b1, 1_000, 12:30:45, 2026-01-01, +0x1, 0O7, trUE]'],
  ['a value that is not written', 'a:\nb: # later\n\nc:\n  - \n  -\nd: { e: , f: }'],
  ['a key alone in braces', 'a: { b }\nc: [{ d }, { "e" }]'],
  ['quotes', `a: 'it''s'\nb: "say \\"so\\" \\u00e9"\nc: 'two\n  lines'\n"d": ''\n'e': ""`],
  ['block texts', 'a: |\n  one\n    two\n\nb: >-\n  folded\n  text\n\nc: |+\n  kept\n\nd: # why\n  |\n  late'],
  ['lists at the column of their key, and lists in lists', 'a:\n- b\n- c: d\n  e: f\n-\n  - g\n  - - h\ni: j'],
  ['brackets over lines, with comments and a last comma', 'a: [ # one\n  b, # two\n  { c: d, # three\n    e: [] },\n  ]\nf: {}'],
  ['brackets closed in the column of their key', 'a: [ # one\n  b, # two\n  # three\n\n]\nc:\n  - d: {\n      e: f\n    }\n    g: [\n    ]\n  - [\n    h ]\n  - [\n    i\n  ]\nj: {\n  k: [ l ] } # m\nn: [\r\n  o,\r\n]\r\n'],
  ['comments, and what looks like one', '# first\na: b # c\nd: e#f\ng: "h # i" # j\n# last'],
  ['colons and dashes within values', 'a: http://h:80/p\nb: -c\nd: [e:f, "g":h, -i]\nj: k-l'],
  ['text over lines', 'a: one\n  two\n\n  three\nb: "one\n  two"'],
  ['line ends of Windows', 'a: b\r\nc:\r\n  - d\r\n  - |\r\n    e\r\nf: g\r\n'],
  ['a document that says that it begins', '---\na: b\n'],
  ['nothing but comments', '# a\n\n# b\n'],
  ['other letters', 'é: ü # ö\n日本: [語]\n"😀": 😀 b'],
])('%s', (_, text) => expect(decided(text)).toEqual(otherwise(text))); // prettier-ignore

test.each([
  ['a tab in the indentation', 'a:\n\tb: c\n', /tab/],
  ['the end of a document', 'a: b\n...\n', /"\.\.\." ends/],
  ['a document that begins behind blanks', ' ---\na: b\n', /stands behind blanks/],
  ['a second document', 'a: b\n---\nc: d\n', /second document/],
  ['a directive', '%YAML 1.2\n---\na: b\n', /directive/],
  ['an anchor', 'a: &b c\n', /anchor or a tag/],
  ['an anchor of nothing', 'a: &b\n', /anchor or a tag/],
  ['an alias', 'a: &b c\nd: *b\n', /anchor or a tag/],
  ['an alias of nothing', 'a: *b\n', /alias/],
  ['a tag', 'a: !!str 1\n', /anchor or a tag/],
  ['a tag of a list', 'a: !x [b]\n', /anchor or a tag/],
  ['a key that is a list', '? [a, b]\n: c\n', /no plain text/],
  ['a key that is not written', 'a: b\n: c\n', /key is missing/],
  ['a key without a value', '? a\n? b\n', /value is missing/],
  ['a second key behind a question mark', 'a: b\n? c\n: d\n', /begin its line/],
  ['a key behind an entry', 'a:\n- "b"c: d\n', /begin its line/],
  ['a block text with an indentation of its own', 'a: |2\n    b\n', /how far it is indented/],
  ['a carriage return alone', 'a: b\rc: d\n', /carriage return/],
  ['more nesting than anybody reads', `a: ${'['.repeat(200)}`, /maxDepth/],
  ['a bracket that is not closed', 'a: [b', /flow collection/],
])('refused: %s', (_, text, reason) =>
  expect(decided(text)).toEqual({ refused: expect.stringMatching(reason) })); // prettier-ignore

test.each([
  ['a: b\n...\n', 'file.yaml', 2, /"\.\.\." ends the document/],
  ['a: b\n? c\n: d\n', 'file.yaml', 2, /begin its line/],
  ['a: |2\n    b\n', 'file.yaml', 1, /how far it is indented/],
  ['a: &b c\n', 'file.yaml', 1, /Anchor "&b" is not used/],
])('%j is told with its place', (text, file, line, message) => {
  const findings = new Findings();
  const source = parseYamlSource(file, Buffer.from(text), findings);
  expect(findings.mistakes).toMatchObject([{ file, line, message: expect.stringMatching(message) }]);
  expect(source?.whole ?? false).toBe(false);
});

test('no text takes longer than its length', () => {
  const pieces = ['[', '{', '- ', '? ', 'a: ', '"', "'", '#', ' #\n', '\n', ' ', '\t', '[a],', '{a: b},', 'a:\n- "b"\n', '|\n', '- [\n', 'a: b\n  c\n', '"a": "b"\n', ', ', '- - ', '&a ', '*a ', '!a ', ':\n', 'a?: \n']; // prettier-ignore
  expectBounded(pieces, decided);
});
