// How IT's one-time codes for a first enrolment are written: 80 bits, short enough to be told on the telephone, and too many
// to be tried even by whoever holds their hashes.

import { crockford, readCrockford } from './crockford.ts';

/** Random bytes of one code. */
export const enrolCodeBytes = 10;
const characters = 16;
const groupLength = 4;

/** How long a code may be used, hours: unless IT says otherwise, and at most. */
export const enrolCodeHours = { usual: 24, most: 168 } as const;

/** As IT reads it out: `7ZK3-Q0F1-…`. */
export function formatEnrolCode(bytes: Uint8Array): string {
  return crockford(bytes, groupLength);
}

/** What a person typed, in the one form that is hashed; null when it cannot be such a code. */
export function normaliseEnrolCode(typed: string): string | null {
  return readCrockford(typed, characters);
}
