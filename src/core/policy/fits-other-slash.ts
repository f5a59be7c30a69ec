// Whether a pattern fits an address with its final slash taken away, or with one put there: many servers take `/a/` and `/a`
// for one page. Takes no decision.

import { matchPattern } from './match-pattern.ts';
import type { Fold } from './match-pattern.ts';
import type { PathPattern } from './path-pattern.ts';

/** False for what fits both forms alike, and for the root, which has one form only. */
export function fitsOtherSlash(pattern: PathPattern, segments: readonly string[], fold: Fold): boolean {
  const wanted = pattern.segments;
  const endsInSlash = segments.at(-1) === '';
  const length = segments.length + (endsInSlash ? -1 : 1);
  // A final `**` takes both forms; without any `**` the length must be right.
  if (length === 0 || wanted.at(-1)?.kind === 'rest') return false;
  if (wanted.length !== length && !wanted.some((piece) => piece.kind === 'rest')) return false;
  return matchPattern(pattern, endsInSlash ? segments.slice(0, -1) : [...segments, ''], fold) !== null;
}
