// Which targets a pattern matches, what it captures, and that no target can make it work long.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchPattern } from '../../../src/core/policy/match-pattern.ts';
import type { Fold } from '../../../src/core/policy/match-pattern.ts';
import type { PathPattern } from '../../../src/core/policy/path-pattern.ts';
import { foldAscii } from '../../../src/core/target/fold-ascii.ts';
import { foldLetters } from '../../../src/core/target/fold-letters.ts';
import { pattern, target } from './build-policy.ts';

function captures(source: string, raw: string, fold: Fold | null = null): Record<string, string> | null {
  const found = matchPattern(pattern(source), target(raw).segments, fold);
  return found === null ? null : Object.fromEntries(found);
}

describe('exactly', () => {
  test.each([
    ['/', '/', true],
    ['/', '/a', false],
    ['/a', '/', false],
    ['/a', '/a', true],
    ['/a', '/a/', false],
    ['/a/', '/a/', true],
    ['/a/', '/a', false],
    ['/a', '/A', false],
    ['/api', '/apifoo', false],
    ['/a/b', '/a', false],
    ['/a', '/a/b', false],
    ['/é', '/%C3%A9', true],
    ['/a b', '/a%20b', true],
    ['/a:b', '/a:b', true],
    // A star.
    ['/*', '/a', true],
    ['/*', '/', false],
    ['/*', '/a/b', false],
    ['/a/*', '/a/', false],
    ['/a/*', '/a', false],
    ['/*.php', '/x.php', true],
    ['/*.php', '/.php', true],
    ['/*.php', '/x.phpx', false],
    ['/a*', '/a', true],
    ['/a*', '/ba', false],
    ['/a*b*c', '/abc', true],
    ['/a*b*c', '/axxbyybzzc', true],
    ['/a*b*c', '/acb', false],
    ['/a*b*c', '/ac', false],
    ['/aa*aa', '/aaa', false],
    ['/aa*aa', '/aaaa', true],
    ['/a*bc*c', '/abc', false],
    ['/*x*', '/', false],
    ['/*x*', '/axb', true],
    // The rest.
    ['/**', '/', true],
    ['/**', '/a/b/', true],
    ['/a/**', '/a', true],
    ['/a/**', '/a/', true],
    ['/a/**', '/a/b/c', true],
    ['/a/**', '/ab', false],
    ['/a/**', '/b', false],
    ['/**/b', '/b', true],
    ['/**/b', '/a/c/b', true],
    ['/**/b', '/a/b/c', false],
    ['/a/**/b', '/a/b', true],
    ['/a/**/b', '/a', false],
    ['/a/**/a', '/a', false],
    ['/a/**/b/c', '/a/b', false],
    ['/a/**/b/**', '/a/b', true],
    ['/a/**/b/**', '/a/x/b/y/', true],
    ['/a/**/b/**', '/a/x/y', false],
    ['/**/a/b/**/c', '/a/a/b/c', true],
    ['/**/a/b/**/c', '/a/a/b/x/c', true],
    ['/**/a/b/**/c', '/a/c/b/c', false],
    ['/**/**', '/', true],
    ['/**/', '/a/', true],
    ['/**/', '/a', false],
  ])('%s on %s: %j', (source, raw, matches) => {
    expect(captures(source, raw) !== null).toBe(matches);
  });
});

describe('captures', () => {
  test.each([
    ['/p/{id}', '/p/7', { id: '7' }],
    ['/p/{id}', '/p/', null],
    ['/p/{id}', '/p', null],
    ['/p/{id}/**', '/p/7', { id: '7' }],
    ['/p/{id}/**', '/p/Jos%C3%A9/x', { id: 'José' }],
    ['/{a}/**/{b}', '/1/2/3', { a: '1', b: '3' }],
    ['/**/x/{id}/y/**', '/x/1/z/x/2/y', { id: '2' }],
    ['/a', '/a', {}],
  ])('%s on %s', (source, raw, found) => {
    expect(captures(source, raw)).toEqual(found);
  });
});

describe('folded', () => {
  test.each([
    ['/Admin', '/aDMIN', {}],
    ['/admin', '/admins', null],
    ['/*.PHP', '/x.php', {}],
    ['/A*c', '/aBC', {}],
    ['/{id}', '/AbC', { id: 'AbC' }],
    ['/k', '/%E2%84%AA', null],
    ['/é', '/%C3%89', null],
  ])('%s on %s', (source, raw, found) => {
    expect(captures(source, raw, foldAscii)).toEqual(found);
  });
});

describe('folded in every alphabet', () => {
  test.each([
    ['/Ärzte/{id}', '/%C3%A4RZTE/x', { id: 'x' }],
    ['/admin', '/adm%C4%B1n', {}],
    ['/adm*', '/ADM%C4%B0N', {}],
    ['/strasse', '/stra%C3%9Fe', {}],
    ['/admin', '/adm%C3%AFns', null],
  ])('%s on %s', (source, raw, found) => {
    expect(captures(source, raw, foldLetters)).toEqual(found);
  });
});

/** Counts reads by index. */
function counting<T>(list: readonly T[], count: { reads: number }): readonly T[] {
  return new Proxy(list, {
    get(of, key, receiver) {
      if (typeof key === 'string' && /^\d+$/.test(key)) count.reads += 1;
      return Reflect.get(of, key, receiver) as unknown;
    },
  });
}

describe('work', () => {
  test.each([
    [`/**/${'a/'.repeat(250)}b`, 2],
    [`/${'a/'.repeat(250)}**`, 2],
    ['/**/a/a/a/b/**', 10],
    ['/**/a/**/a/**/a/**/b', 10],
    ['/x/**/y/**/{z}', 10],
    [`/**/a/**/${'a/'.repeat(240)}b`, 2],
  ])('%s reads each segment a few times', (source, times) => {
    const count = { reads: 0 };
    matchPattern(
      pattern(source),
      counting(
        Array.from({ length: 4000 }, () => 'a'),
        count,
      ),
      foldAscii,
    );
    expect(count.reads).toBeLessThanOrEqual(4000 * times);
  });

  test('a segment of stars reads each piece once', () => {
    const count = { reads: 0 };
    const pieces = Array.from({ length: 200 }, () => 'a');
    const stars: PathPattern = { source: '', segments: [{ kind: 'star', pieces: counting([...pieces, 'b'], count) }] };
    expect(matchPattern(stars, ['a'.repeat(8000)], null)).toBeNull();
    expect(count.reads).toBeLessThanOrEqual(201);
  });
});

/** What a pattern means, written down as slowly and plainly as possible. */
function means(wanted: readonly string[], segments: readonly string[]): boolean {
  const [first, ...others] = wanted;
  if (first === undefined) return segments.length === 0;
  if (first === '**') return segments.some((_, at) => means(others, segments.slice(at))) || means(others, []);
  const [segment, ...rest] = segments;
  if (segment === undefined || !means(others, rest)) return false;
  if (first.startsWith('{')) return segment !== '';
  return first.includes('*') ? segment !== '' && new RegExp(`^${first.replaceAll('*', '.*')}$`).test(segment) : first === segment;
}

test('agrees with the plain meaning', () => {
  const word = fc.constantFrom('a', 'b', 'ab', 'aab', 'ba');
  const wanted = fc.array(fc.oneof(word, fc.constantFrom('**', '**', '*', 'a*', '*b', 'a*b', '*a*b*', '{x}')), {
    minLength: 1,
    maxLength: 6,
  });
  const segments = fc.array(word, { minLength: 1, maxLength: 7 });
  let matched = 0;
  fc.assert(
    fc.property(wanted, segments, fc.boolean(), (parts, path, slash) => {
      const source = `/${parts.filter((part, at) => part !== '{x}' || parts.indexOf(part) === at).join('/')}`;
      const found = matchPattern(pattern(source), slash ? [...path, ''] : path, null) !== null;
      if (found) matched += 1;
      expect(found).toBe(means(source.slice(1).split('/'), slash ? [...path, ''] : path));
    }),
    { numRuns: 3000, seed: 1 },
  );
  expect(matched).toBeGreaterThan(100);
});
