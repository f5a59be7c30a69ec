// Sealed codes for coming in without the provider: how they are made, kept and compared. 128 random bits cannot be searched, so
// one SHA-256 with a salt of its own is as good as the slowest hash.

import { createHash, timingSafeEqual } from 'node:crypto';
import { formatRecoveryCode, normaliseRecoveryCode } from '../core/second-factor/recovery-code.ts';
import type { EmergencyCode } from '../emergency-ports.ts';
import type { Randomness } from '../ports.ts';
import { randomBytes } from './recovery-codes.ts';

/** Codes in one envelope. */
export const emergencyCodeCount = 5;
const codeBytes = 16;

interface Person {
  readonly issuer: string;
  readonly sub: string;
}

export function newEmergencyCodes(
  randomness: Randomness,
  person: Person,
): { codes: readonly string[]; kept: readonly EmergencyCode[] } {
  const codes = Array.from({ length: emergencyCodeCount }, () => formatRecoveryCode(randomBytes(randomness, codeBytes)));
  const kept = codes.map((code) => {
    const salt = randomness.id();
    return { salt, hash: hashOf(person, salt, normaliseRecoveryCode(code) ?? '').toString('base64url') };
  });
  return { codes, kept };
}

/** The hash of the code that was typed, among those kept; null for none. Takes as long whatever is kept, and for nobody too. */
export function matchingCode(person: Person, typed: string, kept: readonly EmergencyCode[]): string | null {
  const code = normaliseRecoveryCode(typed) ?? '';
  let found: string | null = null;
  for (let at = 0; at < emergencyCodeCount; at += 1) {
    const { salt, hash } = kept[at] ?? nobodys;
    const isIt = timingSafeEqual(hashOf(person, salt, code), Buffer.from(hash, 'base64url'));
    if (isIt && kept[at] !== undefined) found = hash;
  }
  return found;
}

const nobodys: EmergencyCode = { salt: '', hash: Buffer.alloc(32).toString('base64url') };

function hashOf({ issuer, sub }: Person, salt: string, code: string): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(['wardgate emergency code', issuer, sub, salt, code]))
    .digest();
}
