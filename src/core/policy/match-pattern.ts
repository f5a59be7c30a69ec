// Matches decoded segments against a pattern with two pointers and one retreat, so that no address can make it slow.
// Knows nothing of rules.

import type { PathPattern, SegmentPattern } from './path-pattern.ts';

const noCaptures: ReadonlyMap<string, string> = new Map();

/** Takes away what two spellings of one segment may differ in. */
export type Fold = (text: string) => string;

/**
 * The named segments, as the address spells them, or null where the pattern does not match. With `fold`, literal text
 * compares as it leaves it. Work is bounded by segments times the longest run of the pattern between two `**`; with one `**` by
 * segments alone.
 */
export function matchPattern(
  pattern: PathPattern,
  segments: readonly string[],
  fold: Fold | null,
): ReadonlyMap<string, string> | null {
  const wanted = pattern.segments;
  let captures: Map<string, string> | null = null;
  let at = 0;
  let seen = 0;
  let retreatAt = -1;
  let retreatSeen = 0;
  while (seen < segments.length) {
    const piece = wanted[at];
    if (piece?.kind === 'rest') {
      at += 1;
      const tail = lengthOfTail(wanted, at);
      if (tail !== null) {
        // What follows the last `**` has a fixed length, so it can only stand at the end.
        if (segments.length - tail < seen) return null;
        seen = segments.length - tail;
        retreatAt = -1;
        continue;
      }
      retreatAt = at;
      retreatSeen = seen;
      continue;
    }
    const segment = segments[seen] as string;
    if (piece !== undefined && fits(piece, segment, fold)) {
      if (piece.kind === 'name') (captures ??= new Map()).set(piece.name, segment);
      at += 1;
      seen += 1;
      continue;
    }
    if (retreatAt === -1) return null;
    at = retreatAt;
    retreatSeen += 1;
    seen = retreatSeen;
  }
  while (wanted[at]?.kind === 'rest') at += 1;
  return at === wanted.length ? (captures ?? noCaptures) : null;
}

/** How many segments stand after the last `**`, or null where another follows. */
function lengthOfTail(wanted: readonly SegmentPattern[], from: number): number | null {
  for (let at = wanted.length - 1; at >= from; at -= 1) {
    if (wanted[at]?.kind === 'rest') return null;
  }
  return wanted.length - from;
}

function fits(piece: Exclude<SegmentPattern, { kind: 'rest' }>, segment: string, fold: Fold | null): boolean {
  if (piece.kind === 'literal') return piece.text === segment || (fold !== null && fold(piece.text) === fold(segment));
  if (piece.kind === 'name') return segment !== '';
  return segment !== '' && fitsStar(piece.pieces, fold === null ? segment : fold(segment), fold);
}

/** The first piece stands at the start, the last at the end, those between at their leftmost place: no retreat is needed. */
function fitsStar(pieces: readonly string[], text: string, fold: Fold | null): boolean {
  let from = 0;
  return pieces.every((piece, index) => {
    const wanted = fold === null ? piece : fold(piece);
    const at = index === 0 ? 0 : index === pieces.length - 1 ? text.length - wanted.length : text.indexOf(wanted, from);
    if (at < from || !text.startsWith(wanted, at)) return false;
    from = at + wanted.length;
    return true;
  });
}
