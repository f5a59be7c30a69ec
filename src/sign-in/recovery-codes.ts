// Recovery codes, made with a person's first factor. They are shown once; what is kept of them are hashes.

import { formatRecoveryCode, normaliseRecoveryCode, recoveryCodeCount } from '../core/second-factor/recovery-code.ts';
import type { Randomness, Subject } from '../ports.ts';
import { recoveryHash } from './recovery-hash.ts';

const recoveryBytes = 16;

export function newRecoveryCodes(
  randomness: Randomness,
  subject: Subject,
): { codes: readonly string[]; hashes: readonly string[] } {
  const codes = Array.from({ length: recoveryCodeCount }, () => formatRecoveryCode(randomBytes(randomness, recoveryBytes)));
  return { codes, hashes: codes.map((code) => recoveryHash(subject, normaliseRecoveryCode(code) ?? '')) };
}

/** The first bytes of a 256-bit id are as random as any. */
export function randomBytes(randomness: Randomness, count: number): Uint8Array {
  return Buffer.from(randomness.id(), 'base64url').subarray(0, count);
}
