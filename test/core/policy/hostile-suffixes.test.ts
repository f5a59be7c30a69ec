// Every way of writing "from the public part into the protected one" that servers have fallen for, generated from a
// grammar. Each is refused as an address, or judged by the protected part's own rule, and never by the public one.

import { expect, test } from 'vitest';
import type { TargetProfile } from '../../../src/core/target/canonical-target.ts';
import { canonicalize } from '../../../src/core/target/canonicalize.ts';
import { matchRule } from '../../../src/core/policy/match-rule.ts';
import { indexRules } from '../../../src/core/policy/rule-index.ts';
import { policy, question, route, rule } from './build-policy.ts';

const separators = ['/', '//', '\\', '%2f', '%5c', '%252f', ';', ';x=', '%3b', '%ef%bc%8f', '%c0%af'];
const dots = ['.', '%2e', '%252e', '%c0%ae', '%u002e'];
const tails = ['', '/', '.', '%20', '%09', '%00', '%0a', '%23', '?', ';', '.css', ';.css', '::$DATA', '~1'];

const judged = policy([rule('public', [route('/public/**'), route('/*.css')]), rule('admin', [route('/admin/**')])]);
const index = indexRules(judged);

const climbing = separators.flatMap((before) =>
  dots.flatMap((one) =>
    dots.flatMap((two) => separators.flatMap((after) => tails.map((tail) => `/public${before}${one}${two}${after}admin${tail}`))),
  ),
);
const direct = separators.flatMap((before) => tails.map((tail) => `${before}admin${tail}`));

function decision(raw: string, profile: TargetProfile): string {
  if ('reason' in canonicalize(raw, profile, 8192)) return 'refused';
  const found = matchRule(judged, index, question(raw, { profile }));
  return found.match === 'rule' ? found.rule.name : found.match;
}

test.each(['generic', 'java', 'php', 'windows'] as const)('%s', (profile) => {
  expect(climbing.length + direct.length).toBeGreaterThan(1500);
  const climbed = climbing.filter((raw) => decision(raw, profile) !== 'refused');
  expect(climbed).toEqual([]);
  const reached = direct.filter((raw) => decision(raw, profile) !== 'refused');
  // Only plain spellings get as far as the rules. `/admin.css` is a file of its own, which its own pattern decides.
  const plain = ['/admin', '/admin/', '/admin?', '/admin.css', ...(profile === 'windows' ? [] : ['/admin~1'])];
  expect(reached.toSorted()).toEqual(plain.toSorted());
  expect(['/admin', '/admin/', '/admin?'].map((raw) => decision(raw, profile))).toEqual(['admin', 'admin', 'admin']);
});
