// Where a session may be used, what goes with it, and which proof it may lean on.

import { expect, test } from 'vitest';
import { belongsAt } from '../../../src/core/session/belongs-at.ts';
import { followsEnd, followsUnlock } from '../../../src/core/session/follows-link.ts';
import type { FactorEvidence } from '../../../src/core/session/session.ts';
import { sharedFactor } from '../../../src/core/session/shared-factor.ts';

const ehr = { place: { application: 'ehr', link: 'l' } };

test.each([
  ['its own address', ehr, 'ehr', false, true],
  ['another address', ehr, 'pacs', false, false],
  ['the only address, whatever it is called now', ehr, 'emr', true, true],
  ['the only address, opened before places were kept', {}, 'ehr', true, true],
  ['one of several, opened before places were kept', {}, 'ehr', false, false],
])('%s', (_what, session, application, isOnly, belongs) => {
  expect(belongsAt(session, application, isOnly)).toBe(belongs);
});

test.each([
  [{}, 'idle', true],
  [{ parked: null }, 'signed-out', true],
  [{ parked: 'desk' }, 'idle', false],
  [{ parked: 'desk' }, 'revoked', true],
] as const)('%j that ends as %s takes the others along: %s', (session, reason, follows) => {
  expect(followsEnd(session, reason)).toBe(follows);
});

test.each([
  [{ lockedAt: 1 }, true],
  [{ lockedAt: null }, false],
  [{ lockedAt: 1, parked: 'desk' }, false],
])('%j unlocks with another: %s', (session, follows) => {
  expect(followsUnlock(session)).toBe(follows);
});

test('a proof counts as it was shown; a remembered one, or one that IT wants at each, does not', () => {
  const shown: FactorEvidence = { method: 'passkey', at: 5, phishingResistant: true };
  expect(sharedFactor({ factor: shown }, true)).toBe(shown);
  expect(sharedFactor({ factor: shown }, false)).toBeNull();
  expect(sharedFactor({ factor: { method: 'remembered', at: 0 } }, true)).toBeNull();
});
