// Whom a reviewer is sent to about what is not theirs: the deputy, and the deputy to nobody by name.

import { expect, test } from 'vitest';
import { refusedWords } from '../../../src/console/review/review-words.ts';
import { whomToAsk } from '../../../src/core/people/whom-to-ask.ts';

test.each([
  ['rita', 'dora', 'dora', 'Ask the deputy, dora.'],
  ['dora', 'dora', null, 'Ask another reviewer.'],
  ['DORA ', 'dora', null, 'Ask another reviewer.'],
  ['rita', null, null, 'Ask another reviewer.'],
])('%s is sent by deputy %s to %s', (name, deputy, whom, says) => {
  expect(whomToAsk({ name }, deputy)).toBe(whom);
  expect(refusedWords('yourself', whom)).toContain(says);
  expect(refusedWords('edits-rules', whom)).toContain(says);
});

test('who is not signed in is told of the deputy', () => {
  expect(whomToAsk(null, 'dora')).toBe('dora');
});
