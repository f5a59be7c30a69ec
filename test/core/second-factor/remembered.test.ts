// How long a second factor is remembered, and what is left of it.

import { expect, test } from 'vitest';
import { rememberedEvidence } from '../../../src/core/second-factor/remembered.ts';
import { resistsPhishing } from '../../../src/core/second-factor/resists-phishing.ts';

const shown = { method: 'passkey', at: 1000, until: 61_000 };

test.each([
  ['at once', 60, 1000, true],
  ['a moment before the end', 60, 60_999, true],
  ['at the end', 60, 61_000, false],
  ['later', 60, 99_000, false],
  ['before it was shown', 60, 999, false],
  ['after a shorter time by the configuration of now', 30, 31_000, false],
  ['within that shorter time', 30, 30_999, true],
  ['longer by the configuration of now', 600, 61_000, false],
])('%s', (_when, lastsSeconds, now, counts) => {
  expect(rememberedEvidence(shown, lastsSeconds, now) !== null).toBe(counts);
});

test('it is never fresh, and no passkey any more', () => {
  const evidence = rememberedEvidence(shown, 60, 2000);
  expect(evidence).toEqual({
    method: 'remembered',
    at: 0,
    detail: 'passkey of 1970-01-01T00:00:01.000Z, until 1970-01-01T00:01:01.000Z',
  });
  expect(evidence !== null && resistsPhishing(evidence)).toBe(false);
});
