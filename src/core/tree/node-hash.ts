// The two hashes of a Merkle tree (RFC 6962, 2.1). Leaves and nodes are told apart by their first byte, so that no record can
// pass for an inner node. It is handed the hash function and never computes one itself.

/** SHA-256 over the bytes. */
export type Digest = (bytes: Uint8Array) => Uint8Array;

export const hashBytes = 32;

export function leafHash(digest: Digest, record: Uint8Array): Uint8Array {
  return digest(joined([Uint8Array.of(0), record]));
}

export function nodeHash(digest: Digest, left: Uint8Array, right: Uint8Array): Uint8Array {
  return digest(joined([Uint8Array.of(1), left, right]));
}

export function sameHash(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
