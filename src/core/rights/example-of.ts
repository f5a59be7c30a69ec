// One address that a path pattern takes, as it would stand on the wire.

import type { PathPattern, SegmentPattern } from '../policy/path-pattern.ts';
import { unreachable } from '../unreachable.ts';

/** Stands for whatever may stand there. */
const anything = 'x';

export function exampleOf({ segments }: Pick<PathPattern, 'segments'>): string {
  return `/${segments.map((segment) => encodeURIComponent(textOf(segment))).join('/')}`;
}

function textOf(segment: SegmentPattern): string {
  switch (segment.kind) {
    case 'literal':
      return segment.text;
    case 'star':
      return segment.pieces.join(anything);
    case 'name':
    case 'rest':
      return anything;
    default:
      return unreachable(segment);
  }
}
