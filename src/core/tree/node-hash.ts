// The two hashes of a Merkle tree (RFC 6962, 2.1). Leaves and nodes are told apart by their first byte, so that no record can
// pass for an inner node. It is handed the hash function and never computes one itself.

/** SHA-256 over the bytes. */
export type Digest = (bytes: Uint8Array) => Uint8Array;

export const hashBytes = 32;

/** What an inner node is hashed from, filled anew for each: there is one for every record, and a digest keeps nothing of it. */
const node = Uint8Array.of(1, ...new Uint8Array(2 * hashBytes));

export function leafHash(digest: Digest, record: Uint8Array): Uint8Array {
  const whole = new Uint8Array(1 + record.length);
  whole.set(record, 1);
  return digest(whole);
}

export function nodeHash(digest: Digest, left: Uint8Array, right: Uint8Array): Uint8Array {
  // In a proof that somebody else made a hash may have any length.
  const whole = left.length + right.length === 2 * hashBytes ? node : Uint8Array.of(1, ...left, ...right);
  whole.set(left, 1);
  whole.set(right, 1 + left.length);
  return digest(whole);
}

export function sameHash(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
