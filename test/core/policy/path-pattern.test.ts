// What a pattern is made of, and how every mistake is explained.

import { describe, expect, test } from 'vitest';
import { parsePattern } from '../../../src/core/policy/path-pattern.ts';

function problem(source: string): string {
  const parsed = parsePattern(source);
  return 'problem' in parsed ? parsed.problem : 'none';
}

test.each([
  ['/', [{ kind: 'literal', text: '' }]],
  [
    '/a/',
    [
      { kind: 'literal', text: 'a' },
      { kind: 'literal', text: '' },
    ],
  ],
  [
    '/a b/é',
    [
      { kind: 'literal', text: 'a b' },
      { kind: 'literal', text: 'é' },
    ],
  ],
  [
    '/{patient}/{visit-id}',
    [
      { kind: 'name', name: 'patient' },
      { kind: 'name', name: 'visit-id' },
    ],
  ],
  ['/*', [{ kind: 'star', pieces: ['', ''] }]],
  [
    '/*.php/a*b*',
    [
      { kind: 'star', pieces: ['', '.php'] },
      { kind: 'star', pieces: ['a', 'b', ''] },
    ],
  ],
  ['/**/x/**', [{ kind: 'rest' }, { kind: 'literal', text: 'x' }, { kind: 'rest' }]],
])('%j', (source, segments) => {
  expect(parsePattern(source)).toEqual({ source, segments });
});

describe('problems', () => {
  test.each([
    ['', 'Pattern "" does not begin with a slash; write "/"'],
    ['https://ehr/a/**', 'Pattern "https://ehr/a/**" is a whole address, and a path is wanted; write "/a/**"'],
    ['https://ehr', 'Pattern "https://ehr" does not begin with a slash; write "/https://ehr"'],
    ['a/b', 'Pattern "a/b" does not begin with a slash; write "/a/b"'],
    ['/a//b', 'Pattern "/a//b" can never match, because its part "" is an empty segment; write one slash, not two'],
    ['/a/../b', 'Pattern "/a/../b" can never match, because its part ".." is a dot segment; write the address it leads to'],
    ['/a/.', 'its part "." is a dot segment'],
    ['/a./b', 'its part "a." ends with a space or a dot'],
    ['/a/{b', 'opens "{" in "{b" without closing it; write "{name}"'],
    ['/a/{b}/{b}', 'uses the name "{b}" twice; give each its own'],
    ['/a/{b}.php', 'has a misplaced brace in "{b}.php"; "{name}" takes a whole segment'],
    ['/a/{}', 'has a misplaced brace in "{}"'],
    ['/a/{1}', 'has a misplaced brace in "{1}"'],
    ['/a/b}', 'has a misplaced brace in "b}"'],
    ['/a/{b,c}', 'lists alternatives in "{b,c}", which is not supported; write one path for each'],
    ['/a/x{b,c', 'lists alternatives in "x{b,c", which is not supported'],
    ['/a**/b', 'glues "**" to other text in "a**"; let it stand between slashes, or write one "*"'],
    ['/***', 'glues "**" to other text in "***"'],
    ['/{a}**', 'glues "**"'],
    ['/a?b=c', 'holds "?"; a pattern judges the path alone, so write the query as a condition under "when: { query: ... }"'],
    ['/a#b', 'holds "#"'],
    ['/a%20b', 'holds "%"; write the character itself instead of its percent form'],
    ['/a\\b', 'holds a backslash'],
    ['/a;b', 'holds ";"'],
    ['/a\u200bb', 'holds an invisible character'],
    ['/a\uff0fb', 'holds a look-alike of another character'],
    [`/${'a'.repeat(512)}`, 'has 513 characters, and 512 are accepted; shorten it with "**"'],
  ])('%j', (source, text) => {
    expect(problem(source)).toContain(text);
  });

  test('512 characters are accepted', () => {
    expect(problem(`/${'a'.repeat(511)}`)).toBe('none');
  });
});
