// Runs every request target of the corpus through the canonicaliser and compares the verdict. The folder of the corpus is
// in WARDGATE_CORPORA; without it a small table of our own is used. What the edge decides before the target is read is
// listed with its reason and counted, so that no item is passed over in silence.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { reasons } from '../../src/core/reasons.ts';
import type { TargetProfile } from '../../src/core/target/canonical-target.ts';
import { canonicalize } from '../../src/core/target/canonicalize.ts';
import { ownPathTargets } from './own-path-targets.ts';
import type { PathTarget } from './own-path-targets.ts';

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const profiles: ReadonlyMap<string | null, TargetProfile> = new Map<string | null, TargetProfile>([
  [null, 'generic'],
  ['generic', 'generic'],
  ['java', 'java'],
  ['php', 'php'],
  ['windows', 'windows'],
]);

const items = load(process.env['WARDGATE_CORPORA']);
const ofTheTarget = items.filter((item) => whyTheEdge(item) === null);

function load(folder: string | undefined): readonly PathTarget[] {
  if (folder === undefined) return ownPathTargets;
  const corpus = JSON.parse(readFileSync(join(folder, 'path-targets.json'), 'utf8')) as { readonly items: readonly PathTarget[] };
  return corpus.items;
}

/** Why an item is decided before its target is looked at, or null. */
function whyTheEdge(item: PathTarget): string | null {
  if (!methods.has(item.method)) return 'the method is refused first, with 405, or with 400 by the parser';
  if (item.host !== null) return 'the Host header decides';
  if (item.expect.verdict === 'local') return 'the gateway answers it itself';
  return null;
}

function verdict(item: PathTarget): PathTarget['expect'] | string {
  const profile = profiles.get(item.profile);
  if (profile === undefined) return `unknown profile ${item.profile}`;
  const target = canonicalize(item.target, profile, 8192);
  if ('reason' in target) return { verdict: 'reject', status: reasons[target.reason].status, reason: '' };
  return { verdict: 'canonical', path: target.path, query: target.query };
}

test.each(ofTheTarget)('$id $kind', (item) => {
  const expected = item.expect.verdict === 'reject' ? { ...item.expect, reason: '' } : item.expect;
  expect(verdict(item)).toEqual(expected);
});

test('every item is decided here or by the edge, for a stated reason', () => {
  const edge = items.filter((item) => whyTheEdge(item) !== null);
  expect(ofTheTarget.length).toBeGreaterThan(15);
  expect(edge.length).toBeGreaterThan(0);
  // The edge may only be credited with items that really are about the method, the host or an answer of our own.
  const unlike = edge.filter((item) => item.expect.verdict !== 'local' && item.host === null && item.kind !== 'method');
  expect(unlike).toEqual([]);
});
