// What a locked session hears, by who asks and how.

import { expect, test } from 'vitest';
import type { CallerShape } from '../../../src/core/caller-shape.ts';
import { parsePattern } from '../../../src/core/policy/path-pattern.ts';
import { whileLocked } from '../../../src/core/session/while-locked.ts';

const pattern = (text: string) => {
  const parsed = parsePattern(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed;
};
const replies = [
  { pattern: pattern('/poll'), json: '{"count":0}' },
  { pattern: pattern('/beat/**'), json: null },
];
const own = { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'same-origin' };
const neutral = (json: string | null) => ({ answer: 'neutral', json });

test.each<readonly [string, string, string, CallerShape, Record<string, string>, boolean, object]>([
  ['a poller that the preset knows', 'GET', '/poll', 'script', {}, true, neutral('{"count":0}')],
  ['the same by a form', 'POST', '/poll', 'script', {}, true, neutral('{"count":0}')],
  ['a poller that hears nothing', 'GET', '/beat/a', 'frame', {}, false, neutral(null)],
  ['a script', 'GET', '/chart', 'script', { ...own, 'sec-fetch-mode': 'cors' }, true, { answer: 'refuse' }],
  ['a frame that reloads by a timer', 'GET', '/timer', 'frame', own, false, { answer: 'stay' }],
  ['a window that moves by itself, covered', 'GET', '/out', 'page', own, true, { answer: 'stay' }],
  ['a window that moves by itself, not covered', 'GET', '/out', 'page', own, false, { answer: 'refuse' }],
  ['a click', 'GET', '/chart', 'page', { ...own, 'sec-fetch-user': '?1' }, true, { answer: 'refuse' }],
  ['a click in a frame', 'GET', '/chart', 'frame', { ...own, 'sec-fetch-user': '?1' }, true, { answer: 'refuse' }],
  ['a tab that is restored', 'GET', '/chart', 'page', { ...own, 'sec-fetch-site': 'none' }, true, { answer: 'refuse' }],
  ['a link from another site', 'GET', '/chart', 'page', { ...own, 'sec-fetch-site': 'cross-site' }, true, { answer: 'refuse' }],
  ['an old browser, which says nothing', 'GET', '/chart', 'page', {}, true, { answer: 'refuse' }],
  ['a form that was sent', 'POST', '/chart', 'frame', own, true, { answer: 'refuse' }],
  ['a live connection', 'GET', '/ws', 'upgrade', own, true, { answer: 'refuse' }],
])('%s', (_what, method, path, shape, headers, covered, expected) => {
  const request = { method, path, shape, headers: new Map(Object.entries(headers)) };
  expect(whileLocked(request, replies, covered)).toEqual(expected);
});
