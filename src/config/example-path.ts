// Finds one path that two patterns both take. It may find none where there is one (two stars with different text in the
// middle), and what it finds is always such a path: the matcher of production has said so.

import { matchPattern } from '../core/policy/match-pattern.ts';
import { unreachable } from '../core/unreachable.ts';
import type { PathPattern, SegmentPattern } from '../core/policy/path-pattern.ts';

/** Stands for a segment that may hold anything. */
const anything = 'x';
/** Longer patterns are not compared. */
const mostSegments = 24;

/** Null where none was found. */
export function examplePath(a: PathPattern, b: PathPattern): string | null {
  const [left, right] = [a.segments, b.segments];
  if (startsDiffer(left, right) || left.length > mostSegments || right.length > mostSegments) return null;
  const found = meet(left, right, 0, 0, new Set());
  if (found === null || matchPattern(a, found, null) === null || matchPattern(b, found, null) === null) return null;
  return `/${found.join('/')}`;
}

/** Most pairs differ in a plain word near the beginning. */
function startsDiffer(a: readonly SegmentPattern[], b: readonly SegmentPattern[]): boolean {
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    const [one, other] = [a[at], b[at]];
    if (one?.kind !== 'literal' || other?.kind !== 'literal') return false;
    if (one.text !== other.text) return true;
  }
  return false;
}

/** The segments from `i` and `j` on. `dead` holds the places from which no way leads to the end. */
function meet(
  a: readonly SegmentPattern[],
  b: readonly SegmentPattern[],
  i: number,
  j: number,
  dead: Set<number>,
): readonly string[] | null {
  const place = i * (mostSegments + 1) + j;
  if (dead.has(place)) return null;
  const found = step(a, b, i, j, dead);
  if (found === null) dead.add(place);
  return found;
}

function step(
  a: readonly SegmentPattern[],
  b: readonly SegmentPattern[],
  i: number,
  j: number,
  dead: Set<number>,
): readonly string[] | null {
  const [one, other] = [a[i], b[j]];
  if (one === undefined && other === undefined) return [];
  if (one?.kind === 'rest') return meet(a, b, i + 1, j, dead) ?? along(other, () => meet(a, b, i, j + 1, dead));
  if (other?.kind === 'rest') return meet(a, b, i, j + 1, dead) ?? along(one, () => meet(a, b, i + 1, j, dead));
  if (one === undefined || other === undefined) return null;
  const text = commonText(one, other);
  const after = text === null ? null : meet(a, b, i + 1, j + 1, dead);
  return text === null || after === null ? null : [text, ...after];
}

/** A `**` takes one segment of the other pattern. */
function along(taken: SegmentPattern | undefined, on: () => readonly string[] | null): readonly string[] | null {
  if (taken === undefined) return null;
  const after = on();
  return after === null ? null : [textOf(taken), ...after];
}

function commonText(one: SegmentPattern, other: SegmentPattern): string | null {
  const text = likelyText(one, other);
  return [one, other].every((segment) => matchPattern({ source: '', segments: [segment] }, [text], null) !== null) ? text : null;
}

function likelyText(one: SegmentPattern, other: SegmentPattern): string {
  if (one.kind === 'literal') return one.text;
  if (other.kind === 'literal') return other.text;
  if (one.kind === 'star' && other.kind === 'star') return starsText(one.pieces, other.pieces);
  return textOf(one.kind === 'star' ? one : other);
}

function starsText(a: readonly string[], b: readonly string[]): string {
  const longer = (one = '', other = ''): string => (one.length >= other.length ? one : other);
  const middle = [...a.slice(1, -1), ...b.slice(1, -1)].join(anything);
  return `${longer(a[0], b[0])}${anything}${middle}${longer(a.at(-1), b.at(-1))}`;
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
