// The story: an alert asked for the second factor of somebody whose provider brings it. Whoever had their browser opened a second
// session: the provider still had its own from the morning and answered without asking anybody, and the new session counted as a
// proof, because it was younger than the alert. The provider had said when the factor was shown; nobody listened.

import { expect, test } from 'vitest';
import { provedAt } from '../../src/core/respond/proved-at.ts';

const morning = 1_000;
const alert = 5_000;
const signIn = 9_000;

test.each([
  ['shown in the morning, signed in again without asking', 'provider', morning, false],
  ['shown behind the alert', 'provider', signIn - 1, true],
  ['shown nobody knows when: the sign-in is all there is', 'provider', 0, true],
  ['a code of our own from before', 'totp', morning, false],
  ['a remembered factor is as old as the code it stands for', 'remembered', morning, false],
] as const)('%s', (_what, method, at, isProof) => {
  expect(provedAt({ factor: { method, at, detail: '' }, createdAt: signIn }) > alert).toBe(isProof);
});
