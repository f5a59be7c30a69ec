// The index only proposes: on every generated policy and request the matcher decides as a plain scan does.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalize } from '../../../src/core/target/canonicalize.ts';
import { matchRule } from '../../../src/core/policy/match-rule.ts';
import type { FieldCondition, Method } from '../../../src/core/policy/policy.ts';
import { candidatesFor, indexRules } from '../../../src/core/policy/rule-index.ts';
import { deny, policy, question, route, rule } from './build-policy.ts';
import { matchRuleLinear } from './match-linear.ts';

const present = (name: string): FieldCondition => ({ name, expect: 'present' });
const absent = (name: string): FieldCondition => ({ name, expect: 'absent' });
const equals = (name: string, value: string): FieldCondition => ({ name, expect: { value } });

test('proposes by application and the plain words in front, folded, in the order of the file', () => {
  const judged = policy(
    [
      rule('a', [route('/A/x'), route('/b')]),
      rule('any', [route('/{name}'), route('/**/z')]),
      rule('again', [route('/a/**')]),
      rule('root', [route('/')]),
      rule('slash', [route('/slashed/')]),
      rule('pacs', [route('/a')], { application: 'pacs' }),
    ],
    [deny('/a/secret'), deny('/*.sql')],
  );
  const proposed = (application: string, ...segments: readonly string[]): unknown => {
    const { rules: found, denies: never } = candidatesFor(indexRules(judged), application, segments);
    return [found, never].map((list) => list.map(({ entry }) => entry.pattern.source));
  };
  expect(proposed('ehr', 'a')).toEqual([['/{name}', '/**/z', '/a/**'], ['/*.sql']]);
  expect(proposed('ehr', 'a', 'X', 'more')).toEqual([['/A/x', '/{name}', '/**/z', '/a/**'], ['/*.sql']]);
  expect(proposed('ehr', 'a', 'Secret.', '')).toEqual([
    ['/{name}', '/**/z', '/a/**'],
    ['/a/secret', '/*.sql'],
  ]);
  expect(proposed('ehr', 'slashed')).toEqual([['/{name}', '/**/z', '/slashed/'], ['/*.sql']]);
  expect(proposed('ehr', 'B')).toEqual([['/b', '/{name}', '/**/z'], ['/*.sql']]);
  expect(proposed('ehr', '')).toEqual([['/{name}', '/**/z', '/'], ['/*.sql']]);
  expect(proposed('ehr', 'other')).toEqual([['/{name}', '/**/z'], ['/*.sql']]);
  expect(proposed('pacs', 'a')).toEqual([['/a'], []]);
  expect(proposed('nowhere', 'a')).toEqual([[], []]);
});

test('of ten thousand rules below one folder an address is compared with its own', () => {
  const many = Array.from({ length: 10_000 }, (_, at) => rule(`r${at}`, [route(`/openemr/interface/page-${at}/{patient}/**`)]));
  const index = indexRules(policy([...many, rule('rest', [route('/openemr/**')])]));
  const found = candidatesFor(index, 'ehr', ['openemr', 'interface', 'page-77', '4711', 'notes']).rules;
  expect(found.map(({ entry }) => entry.rule.name)).toEqual(['r77', 'rest']);
});

const methods: readonly Method[] = ['GET', 'HEAD', 'POST', 'DELETE'];
const segment = fc.constantFrom('a', 'A', 'b', 'B', '*', 'a*', '{id}', '**', 'ab', 'ä', 'a:b');
const parts = fc.array(segment, { minLength: 1, maxLength: 4 }).map((chosen) => {
  const once = chosen.filter((part, at) => part !== '{id}' || chosen.indexOf(part) === at);
  return once.join('/');
});
const paths = fc.tuple(parts, fc.constantFrom('', '', '', '/')).map(([path, end]) => `/${path}${end}`);
const condition = fc.constantFrom(present('x'), absent('x'), equals('x', '1'), present('y'));
const conditions = fc.array(condition, { maxLength: 1 });
const routes = fc
  .record({
    source: paths,
    methods: fc.subarray([...methods], { minLength: 1 }),
    query: conditions,
    form: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: conditions }),
    patient: fc.constantFrom([], [], [{ in: 'form' as const, name: 'pid' }]),
  })
  .map(({ source, ...more }) => route(source, more));
const rules = fc
  .array(fc.tuple(fc.array(routes, { minLength: 1, maxLength: 3 }), fc.constantFrom('ehr', 'ehr', 'pacs')), { maxLength: 6 })
  .map((list) => list.map(([ways, application], at) => rule(`r${at}`, ways, { application })));
const denies = fc.array(
  fc
    .tuple(paths, fc.option(fc.subarray([...methods])), conditions)
    .map(([source, only, query]) => deny(source, { methods: only, query })),
  { maxLength: 1 },
);
const asked = fc.record({
  path: fc
    .tuple(
      fc.array(fc.constantFrom('a', 'A', 'b', 'ab', 'Ab', 'c', '%C3%A4', '%C3%84', 'a:c'), { minLength: 1, maxLength: 4 }),
      fc.constantFrom('', '/'),
    )
    .map(([segments, end]) => `/${segments.join('/')}${end}`),
  query: fc.constantFrom('', '', '', '?x', '?x=1', '?x&x', '?X=1'),
  method: fc.constantFrom(...methods),
  form: fc.constantFrom(null, '', 'x=1', 'y&x&x'),
  dialect: fc.constantFrom('strict', 'php', 'java'),
  profile: fc.constantFrom('generic', 'java', 'windows'),
});

test('the index and the plain scan agree on every policy and target', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(rules, denies, asked, (list, never, { path, query, ...put }) => {
      // On Windows a colon is refused before any rule is asked.
      const more = path.includes(':') && put.profile === 'windows' ? { ...put, profile: 'generic' as const } : put;
      expect('reason' in canonicalize(path, more.profile, 100)).toBe(false);
      const judged = policy(list, never);
      const ask = question(path + query, more);
      const found = matchRule(judged, indexRules(judged), ask);
      for (const kind of [found.match, found.match === 'refused' ? found.reason : '']) seen.set(kind, (seen.get(kind) ?? 0) + 1);
      const plain = matchRuleLinear(judged, ask);
      // Where several things are wrong at once, which is told first is not held; that nothing passes is.
      if (plain.match === 'refused') expect(['refused', 'needs-form']).toContain(found.match);
      else expect({ ...found, detail: '' }).toEqual({ ...plain, detail: '' });
    }),
    { numRuns: 20_000, seed: 7 },
  );
  for (const kind of ['rule', 'none', 'deny-always', 'needs-form', 'field-ambiguous', 'case-ambiguous', 'slash-ambiguous'])
    expect(seen.get(kind)).toBeGreaterThan(20);
});
