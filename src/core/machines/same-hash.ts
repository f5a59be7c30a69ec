// Compares two hashes in a time that does not depend on where they differ.

/** Both are lower-case hex. How long a hash is, is no secret; two of different lengths are never the same. */
export function sameHash(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let i = 0; i < one.length; i += 1) difference |= Number(one[i] !== other[i]);
  return difference === 0;
}
