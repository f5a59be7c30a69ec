// Which of the checkpoints in an anchor may go: a day brings up to 8,640 of them, and one covers all that came before it. What
// is left says for any hour, and later for any day, that the log up to then is the one it was.

export interface AnchoredFile {
  readonly name: string;
  /** When it was written, epoch milliseconds. */
  readonly at: number;
}

const hour = 3_600_000;
const day = 24 * hour;
/** All of them for two days, the last of each hour for thirty-five, the last of each day for good. */
const allFor = 2 * day;
const hoursFor = 35 * day;

/** Names that may be removed. `files` in the order of their checkpoints; the last one is never among them. */
export function prunedAnchors(files: readonly AnchoredFile[], now: number): string[] {
  const later = new Set<string>();
  const pruned: string[] = [];
  const newest = files.at(-1)?.name;
  for (const { name, at } of files.toReversed()) {
    const age = now - at;
    if (age < allFor) continue;
    const step = age < hoursFor ? hour : day;
    const slot = `${step} ${Math.floor(at / step)}`;
    if (later.has(slot) && name !== newest) pruned.push(name);
    later.add(slot);
  }
  return pruned;
}
