// Compares two hashes in a time that does not depend on where they differ.

/** Both are lower-case hex of the same length; two of different lengths are never the same. */
export function sameHash(one: string, other: string): boolean {
  let difference = one.length ^ other.length;
  for (let i = 0; i < one.length; i += 1) difference |= (one.codePointAt(i) ?? 0) ^ (other.codePointAt(i) ?? 0);
  return difference === 0;
}
