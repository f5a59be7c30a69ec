import { expect, test } from 'vitest';
import type { Arrived, Identified } from '../../src/facts.ts';
import { canonicalizeTarget } from '../../src/stages/canonicalize-target.ts';
import { applicationOf, exchangeOf, reasonOf } from '../support/edge-facts.ts';

const stage = canonicalizeTarget({ targetBytes: 20 });

function run(method: string, rawTarget: string, httpVersion = '1.1'): unknown {
  const facts = { exchange: exchangeOf([], { method, rawTarget, httpVersion }), application: applicationOf() };
  return reasonOf(stage(facts as unknown as Arrived & Identified));
}

test.each([
  ['GET', '/a?b', '1.0', 'version-unsupported'],
  ['GET', '/a?b', '0.9', 'version-unsupported'],
  ['GET', '/a?b', '2.0', 'version-unsupported'],
  ['TRACE', '/a', '1.1', 'method-not-allowed'],
  ['CONNECT', 'a:1', '1.1', 'method-not-allowed'],
  ['PROPFIND', '/a', '1.1', 'method-not-allowed'],
  ['get', '/a', '1.1', 'method-not-allowed'],
  ['GET', '*', '1.1', 'target-malformed'],
  ['GET', 'http://evil.test/a', '1.1', 'target-malformed'],
  ['GET', '//evil.test', '1.1', 'target-malformed'],
  ['GET', `/${'a'.repeat(20)}`, '1.1', 'target-too-long'],
])('%s %s HTTP/%s is refused: %s', (method, target, version, reason) => {
  expect(run(method, target, version)).toBe(reason);
});

test.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
  '%s is accepted with the one form of its target',
  (method) => {
    expect(run(method, `/%61${'a'.repeat(13)}?x`)).toMatchObject({ method, target: { path: `/${'a'.repeat(14)}`, query: 'x' } });
  },
);
