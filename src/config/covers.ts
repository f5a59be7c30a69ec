// Says whether one path pattern takes every path that another takes. It may say no where the answer is yes (two stars
// with different text), never the other way round.

import { unreachable } from '../core/unreachable.ts';
import type { PathPattern, SegmentPattern } from '../core/policy/path-pattern.ts';

export function covers(wider: PathPattern, narrower: PathPattern): boolean {
  return takesAll(wider.segments, narrower.segments);
}

function takesAll(wider: readonly SegmentPattern[], narrower: readonly SegmentPattern[]): boolean {
  const [first, ...rest] = wider;
  const [asked, ...others] = narrower;
  if (first === undefined) return asked === undefined;
  if (first.kind === 'rest') {
    if (takesAll(rest, narrower)) return true;
    return asked !== undefined && takesAll(wider, others);
  }
  return asked !== undefined && asked.kind !== 'rest' && takesSegment(first, asked) && takesAll(rest, others);
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
