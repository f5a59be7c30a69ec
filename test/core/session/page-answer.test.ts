// What an open page hears to its own requests while its session is locked or over.

import { expect, test } from 'vitest';
import type { CallerShape } from '../../../src/core/caller-shape.ts';
import { parsePattern } from '../../../src/core/policy/path-pattern.ts';
import { pageAnswer } from '../../../src/core/session/page-answer.ts';

const pattern = (text: string) => {
  const parsed = parsePattern(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed;
};
const whileLocked = [
  { pattern: pattern('/poll'), json: '{"count":0}' },
  { pattern: pattern('/beat'), json: null },
];
const own = new Map([
  ['sec-fetch-mode', 'navigate'],
  ['sec-fetch-site', 'same-origin'],
]);

test.each<readonly [string, string, CallerShape, object, object | null]>([
  ['/poll', 'POST', 'script', { whileLocked }, { status: 200, body: '{"count":0}' }],
  ['/beat', 'GET', 'script', { whileLocked }, { status: 204, body: '' }],
  ['/chart', 'GET', 'frame', { whileLocked }, { status: 204, body: '' }],
  ['/chart', 'GET', 'page', {}, { status: 204, body: '' }],
  ['/chart', 'GET', 'page', { pageScript: false }, null],
  ['/chart', 'GET', 'script', { whileLocked }, null],
  ['/poll', 'GET', 'script', {}, null],
])('%s by %s from a %s of %j', (path, method, shape, application, expected) => {
  const answer = pageAnswer({ method, path, shape, headers: own }, application, 'ended');
  if (expected === null) expect(answer).toBeNull();
  else
    expect(answer).toMatchObject({
      kind: 'plain',
      headers: { 'cache-control': 'no-store', 'wardgate-session': 'ended' },
      ...expected,
    });
});
