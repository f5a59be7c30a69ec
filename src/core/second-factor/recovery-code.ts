// How recovery codes are written: 128 bits in Crockford's base 32, in groups that a person can read out. Making the
// bits and hashing them is done elsewhere.

import { crockford, readCrockford } from './crockford.ts';

const characters = 26;
const bytesPerCode = 16;
const groupLength = 5;

/** Codes given out with an enrolment. */
export const recoveryCodeCount = 10;

/** `bytes` are 16 random bytes. Returns the code as it is shown: `7ZK3Q-…`. Throws on any other length. */
export function formatRecoveryCode(bytes: Uint8Array): string {
  if (bytes.length !== bytesPerCode) throw new Error(`A recovery code is made of ${bytesPerCode} bytes, not ${bytes.length}`);
  return crockford(bytes, groupLength);
}

/** What a person typed, in the one form that is hashed; null when it is no recovery code. I and L read as 1, O as 0. */
export function normaliseRecoveryCode(typed: string): string | null {
  return readCrockford(typed, characters);
}
