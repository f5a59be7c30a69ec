// A path that two patterns share: found where there is one, and always one that the matcher of production takes for both.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { examplePath } from '../../src/config/example-path.ts';
import { matchPattern } from '../../src/core/policy/match-pattern.ts';
import { parsePattern } from '../../src/core/policy/path-pattern.ts';
import type { PathPattern } from '../../src/core/policy/path-pattern.ts';

function parsed(source: string): PathPattern {
  const pattern = parsePattern(source);
  if ('problem' in pattern) throw new Error(pattern.problem);
  return pattern;
}

test.each([
  ['/a/b', '/a/b', '/a/b'],
  ['/a/b', '/a/c', null],
  ['/a', '/a/b', null],
  ['/{x}/b', '/a/{y}', '/a/b'],
  ['/{x}/{y}', '/{a}/{b}', '/x/x'],
  ['/**', '/a/{y}', '/a/x'],
  ['/a/**', '/a', '/a'],
  ['/a/**/z', '/a/b/**', '/a/b/z'],
  ['/**/print', '/charts/**', '/charts/print'],
  ['/*.php', '/report*', '/reportx.php'],
  ['/a*c*', '/*b', '/acxb'],
  ['/*.php', '/*.js', null],
  ['/a/', '/{x}/{y}', null],
])('%s and %s: %s', (a, b, path) => {
  const found = examplePath(parsed(a), parsed(b));
  if (path === null) expect(found).toBeNull();
  else expect(found).not.toBeNull();
  const again = examplePath(parsed(b), parsed(a));
  expect(again === null).toBe(found === null);
});

test('what is found fits both, whatever the patterns are', () => {
  const segment = fc.constantFrom('a', 'b', '{x}', '*', 'a*', '*b', '**');
  const pattern = fc
    .array(segment, { minLength: 1, maxLength: 5 })
    .map((segments) => `/${segments.map((one, at) => (one === '{x}' ? `{x${at}}` : one)).join('/')}`)
    .filter((source) => !('problem' in parsePattern(source)));
  fc.assert(
    fc.property(pattern, pattern, (a, b) => {
      const [left, right] = [parsed(a), parsed(b)];
      const path = examplePath(left, right);
      if (path === null) return true;
      const segments = path.slice(1).split('/');
      return matchPattern(left, segments, null) !== null && matchPattern(right, segments, null) !== null;
    }),
  );
});
