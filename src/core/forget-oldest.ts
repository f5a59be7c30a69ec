// Keeps what is remembered within its limit: what was put in first goes first.

/** Takes out the oldest entry where there are more than `most`. Call it after each entry that is put in. */
export function forgetOldest<K>(remembered: Set<K> | Map<K, unknown>, most: number): void {
  if (remembered.size <= most) return;
  const [oldest] = remembered.keys();
  remembered.delete(oldest as K);
}
