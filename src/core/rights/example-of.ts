// One address that a path pattern takes, as it would stand on the wire.

import type { PathPattern, SegmentPattern } from '../policy/path-pattern.ts';

/** Stands for whatever may stand there. */
const anything = 'x';

export function exampleOf({ segments }: Pick<PathPattern, 'segments'>): string {
  return `/${segments.map((segment) => encodeURIComponent(textOf(segment))).join('/')}`;
}

function textOf(segment: SegmentPattern): string {
  if (segment.kind === 'literal') return segment.text;
  return segment.kind === 'star' ? segment.pieces.join(anything) : anything;
}
