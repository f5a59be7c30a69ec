// Configuration files and rules that are made to take time: just under the size limit, full of mistakes, aliases, nesting
// or stars. A reload reads them in the process that serves, so each must be done while nobody notices. Half a second is
// meant; the bounds here are ten times that, so that a busy machine fails nothing.

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadRules } from '../../src/config/load.ts';
import type { Settings } from '../../src/config/settings.ts';
import { covers } from '../../src/config/covers.ts';
import { maxFileBytes, maxRulesBytes } from '../../src/config/yaml-source.ts';
import { matchRule } from '../../src/core/policy/match-rule.ts';
import { indexRules } from '../../src/core/policy/rule-index.ts';
import { canonicalize } from '../../src/core/target/canonicalize.ts';
import { pattern, policy, question, route, rule } from '../core/policy/build-policy.ts';
import { sessionConfiguration } from '../support/session-gateway.ts';

const boundMilliseconds = 5000;

let settings: Settings;
let directory: string;

beforeAll(async () => {
  const made = await sessionConfiguration({ rules: ['{ name: a, paths: ["/a"], allow: everyone }'] }, 'http://127.0.0.1:9');
  settings = made.configuration.settings;
  directory = made.directory;
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** As many lines as fit between the head and the tail. */
function filled(line: (index: number) => string, head = '', tail = ''): string {
  const lines: string[] = [head];
  let left = maxFileBytes - head.length - tail.length;
  for (let index = 0; left > 0; index += 1) {
    const next = line(index);
    left -= next.length;
    if (left > 0) lines.push(next);
  }
  return lines.join('') + tail;
}

const head = 'mode: enforce\nroles: { a: A }\n';
const laughing = 'bcdefghij'
  .split('')
  .map(
    (name, index) =>
      `${name}: &${name} [${Array<string>(10)
        .fill(`*${'abcdefghij'[index] ?? ''}`)
        .join(',')}]\n`,
  )
  .join('');

const files: Readonly<Record<string, string>> = {
  'unknown keys': filled((index) => `k${index}: 1\n`),
  'the same key': filled(() => 'k: 1\n'),
  'roles that are none': filled((index) => `k${index}: 1,`, 'roles: {', 'z: 1}\n'),
  'unknown keys in rules': filled((index) => `  - { k${index}: 1 }\n`, `${head}rules:\n`),
  'rules that name a role nobody has': filled(
    (index) => `  - { name: r${index}, paths: [/a${index}], allow: b }\n`,
    `${head}rules:\n`,
  ),
  'rules of one name': filled(() => '  - { name: r, paths: [/a], allow: a }\n', `${head}rules:\n`),
  'numbers for rules': filled(() => '1,', 'rules: [', '1]\n'),
  'areas that nothing names': filled(
    (index) => `  area-${index}: [/x]\n`,
    `${head}areas:\n`,
    'rules: [{ name: r, area: ehr.x, allow: a }]\n',
  ),
  'tests that fail': filled(
    (index) => `  - { as: a, get: /x${index}, expect: allowed }\n`,
    `${head}rules: [{ name: r, paths: [/a], allow: a }]\ntests:\n`,
  ),
  'patterns that are none': filled((index) => `/x${index}?,`, `${head}rules:\n  - { name: r, allow: a, paths: [`, '/x] }\n'),
  tabs: filled((index) => `\tk${index}: 1\n`),
  'open quotes': filled((index) => `k${index}: "abc\n`),
  'open brackets': filled((index) => `a${index}: [/{a}/b\n`),
  'braces in one line': filled(() => '/{a}', 'a: [', ']\n'),
  'aliases in one line': filled(() => '*a,', 'a: &a 1\nrules: [', '*a]\n'),
  'an anchor in every line': filled((index) => `k${index}: &x${index} 1\n`),
  'merge keys': filled((index) => `k${index}: { <<: *a }\n`, 'a: &a { x: 1 }\n'),
  'aliases of aliases, a thousand million laughs': `a: &a [x,x,x,x,x,x,x,x,x,x]\n${laughing}`,
  'an alias of itself': 'a: &a [*a]\n',
  'nested brackets': `a: ${'['.repeat(120_000)}${']'.repeat(120_000)}\n`,
  'nested dashes': filled(() => '- '),
  'nested braces': `a: ${'{a: '.repeat(40_000)}1${'}'.repeat(40_000)}\n`,
  'empty lines': filled(() => '\n'),
  'one line': filled(() => 'a'),
  'too large a file': 'a'.repeat(maxRulesBytes + 1),
};

describe('a rule file full of', () => {
  test.each(Object.entries(files))('%s is answered in time, with mistakes that can be read', async (_what, text) => {
    const file = join(directory, 'rules.yaml');
    writeFileSync(file, text);
    const before = process.memoryUsage.rss();
    const began = performance.now();
    const loaded = await loadRules(settings, file);
    expect(performance.now() - began).toBeLessThan(boundMilliseconds);
    expect(loaded.ok).toBe(false);
    const mistakes = loaded.ok ? [] : loaded.mistakes;
    expect(mistakes.length).toBeGreaterThan(0);
    expect(mistakes.length).toBeLessThanOrEqual(500);
    expect(mistakes.every(({ message }) => message.length <= 601)).toBe(true);
    expect((process.memoryUsage.rss() - before) / 1e6).toBeLessThan(400);
  });

  test('5,000 sound rules is loaded in time', async () => {
    const file = join(directory, 'rules.yaml');
    writeFileSync(
      file,
      filled((index) => `  - { name: r${index}, paths: [/a${index}], allow: a }\n`, `${head}rules:\n`),
    );
    const began = performance.now();
    const loaded = await loadRules(settings, file);
    expect(performance.now() - began).toBeLessThan(boundMilliseconds);
    expect(loaded.ok && loaded.policy.rules.length).toBeGreaterThan(5000);
  });
});

describe('hostile patterns', () => {
  const sources = [
    `/**${'/a'.repeat(250)}/b`,
    `/**${'/a/**'.repeat(100)}/b`,
    `/**${'/{n}'.replace('n', 'x')}${'/a'.repeat(240)}/b/**`,
    `/**/${'*a'.repeat(240)}*b`,
    `/${'a*'.repeat(240)}b`,
    `/**${'/*a*'.repeat(100)}/b/**`,
    `/**${'/**'.repeat(160)}/b`,
  ];
  // As many parts as a path may have, each as long as 8 KB allow.
  const paths = [
    `/${'a'.repeat(30)}`.repeat(256),
    `/${'a'.repeat(8000)}`,
    '/a'.repeat(256),
    `/${'A'.repeat(4000)}${'/a'.repeat(255)}`,
  ];

  test('against 8 KB of one repeated character are judged in time', () => {
    const rules = sources.map((source, index) => rule(`r${index}`, [route(source)]));
    const judged = policy([...rules, rule('rest', [route('/z')])]);
    const index = indexRules(judged);
    const began = performance.now();
    for (const path of paths) {
      for (const profile of ['generic', 'windows'] as const) {
        expect(matchRule(judged, index, question(path, { profile })).match).toBe('none');
      }
    }
    // Eight requests against seven such patterns; a matcher that tries every way needs longer than the universe is old.
    expect(performance.now() - began).toBeLessThan(boundMilliseconds);
  });

  test('never meet a path of thousands of parts', () => {
    expect(canonicalize('/a'.repeat(257), 'generic', 8192)).toMatchObject({ reason: 'target-too-long' });
    expect(canonicalize('/a'.repeat(256), 'generic', 8192)).toMatchObject({ path: '/a'.repeat(256) });
  });

  test('are compared with one another in time', () => {
    const parsed = [...sources, `/${'a/'.repeat(250)}a`, '/a'.repeat(250)].map(pattern);
    const began = performance.now();
    for (const wider of parsed) for (const narrower of parsed) covers(wider, narrower);
    expect(performance.now() - began).toBeLessThan(boundMilliseconds);
    expect(covers(pattern(`/**${'/a/**'.repeat(100)}`), pattern('/a'.repeat(250)))).toBe(true);
    expect(covers(pattern(`/**${'/a/**'.repeat(100)}/b`), pattern('/a'.repeat(250)))).toBe(false);
  });
});
