// Says whether one path pattern takes every path that another takes. It may say no where the answer is yes (two stars
// with different text), never the other way round.

import { unreachable } from '../core/unreachable.ts';
import type { PathPattern, SegmentPattern } from '../core/policy/path-pattern.ts';

/** Two pointers and one retreat to the last `**`, as in match-pattern.ts: trying every way would take for ever with many. */
export function covers(wider: PathPattern, narrower: PathPattern): boolean {
  const [wanted, given] = [wider.segments, narrower.segments];
  let at = 0;
  let seen = 0;
  let retreatAt = -1;
  let retreatSeen = 0;
  while (seen < given.length) {
    const [piece, asked] = [wanted[at], given[seen]];
    if (piece?.kind === 'rest') {
      at += 1;
      retreatAt = at;
      retreatSeen = seen;
    } else if (piece !== undefined && asked !== undefined && asked.kind !== 'rest' && takesSegment(piece, asked)) {
      at += 1;
      seen += 1;
    } else {
      if (retreatAt === -1) return false;
      at = retreatAt;
      retreatSeen += 1;
      seen = retreatSeen;
    }
  }
  return wanted.slice(at).every(({ kind }) => kind === 'rest');
}

function takesSegment(
  wider: Exclude<SegmentPattern, { kind: 'rest' }>,
  narrower: Exclude<SegmentPattern, { kind: 'rest' }>,
): boolean {
  if (narrower.kind === 'literal' && narrower.text === '') return wider.kind === 'literal' && wider.text === '';
  switch (wider.kind) {
    case 'literal':
      return narrower.kind === 'literal' && narrower.text === wider.text;
    case 'name':
      return true;
    case 'star':
      return (
        wider.pieces.every((piece) => piece === '') ||
        (narrower.kind === 'star' && narrower.pieces.join('*') === wider.pieces.join('*'))
      );
    default:
      return unreachable(wider);
  }
}
