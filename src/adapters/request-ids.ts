// Names each request of one run, so that a person can read the name out on the telephone. Says nothing about anybody, and
// is never a secret.

/** Ids of this run: its beginning, then a number that counts up. */
export function requestIds(boot: string): () => string {
  const prefix = boot.replaceAll(/[^A-Za-z0-9]/g, 'x').slice(0, 6).toLowerCase(); // prettier-ignore
  let next = 0;
  return () => `${prefix}-${(next += 1).toString(36).padStart(4, '0')}`;
}
