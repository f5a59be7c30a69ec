// The form of a patient's token: what stands in records, in the index and in searches where an id would stand. The keyed
// hash behind it is made outside the core; here is how its bytes are written, and how a token is told from an id.

import { base32 } from '../second-factor/base32.ts';

/** Bytes of the keyed hash that a token shows: 128 bits, so that no two patients ever share one. */
const tokenBytes = 16;

const form = /^~[a-z2-7]{26}$/;

/** `~` and 26 characters of base32 (RFC 4648, lower case, no padding): they stand in a path as they are. */
export function writePatientToken(hash: Uint8Array): string {
  return `~${base32(hash.subarray(0, tokenBytes)).toLowerCase()}`;
}

export function isPatientToken(text: string): boolean {
  return form.test(text);
}
