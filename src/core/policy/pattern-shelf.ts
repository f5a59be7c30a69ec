// Entries by the plain words that their patterns begin with, so that of thousands only those are looked at that an address can
// fit. It proposes and never decides. What stands on a shelf takes no more room than the patterns have words, however many of
// them hold each other.

import type { PathPattern } from './path-pattern.ts';

/** An entry and its place among all, because the first one decides. */
export interface Placed<Entry> {
  readonly at: number;
  readonly entry: Entry;
}

export interface Shelf<Entry> {
  /** Those whose plain words end here, in their order. */
  readonly here: readonly Placed<Entry>[];
  readonly below: ReadonlyMap<string, Shelf<Entry>>;
}

export class GrowingShelf<Entry> implements Shelf<Entry> {
  readonly here: Placed<Entry>[] = [];
  readonly below = new Map<string, GrowingShelf<Entry>>();

  /** Entries come in their order. */
  put(words: readonly string[], placed: Placed<Entry>): void {
    const [word, ...rest] = words;
    if (word === undefined) {
      this.here.push(placed);
      return;
    }
    const next = this.below.get(word) ?? new GrowingShelf<Entry>();
    this.below.set(word, next);
    next.put(rest, placed);
  }
}

/** Everything whose plain words these words begin with, in order. A step to `''` at their end is tried too: `/a` may be `/a/`. */
export function onTheWay<Entry>(shelf: Shelf<Entry>, words: readonly string[]): readonly Placed<Entry>[] {
  const found: (readonly Placed<Entry>[])[] = [];
  let next: Shelf<Entry> | undefined = shelf;
  for (let at = 0; next !== undefined; at += 1) {
    if (next.here.length > 0) found.push(next.here);
    next = at > words.length ? undefined : next.below.get(words[at] ?? '');
  }
  const [only = []] = found;
  return found.length < 2 ? only : found.flat().sort((one, other) => one.at - other.at);
}

/** The literal segments before anything else. */
export function plainWords({ segments }: PathPattern): readonly string[] {
  const words: string[] = [];
  for (const segment of segments) {
    if (segment.kind !== 'literal') break;
    words.push(segment.text);
  }
  return words;
}
