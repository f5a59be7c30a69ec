// Finds rings of files that import each other at run time. Imports of types alone are gone by then and do not count.

import type { Source, Violation } from './layers.ts';

/** One violation per ring, reported at its first file in path order. */
export function findCycles(sources: readonly Source[]): readonly Omit<Violation, 'rule'>[] {
  const edges = new Map(sources.map((source) => [source.path, valueImports(source)]));
  const seen = new Set<string>();
  const rings = new Map<string, readonly string[]>();
  for (const path of [...edges.keys()].sort()) walk(path, [], edges, seen, rings);
  return [...rings.values()].map((ring) => ({
    file: ring[0] ?? '',
    line:
      sources.find((source) => source.path === ring[0])?.links.find((link) => link.target === (ring[1] ?? ring[0]))?.line ?? 1,
    message: `imports itself in a ring: ${[...ring, ring[0]].join(' → ')}`,
  }));
}

function valueImports(source: Source): readonly string[] {
  return source.links.filter((link) => link.kind === 'file' && !link.typeOnly).map((link) => link.target);
}

function walk(
  path: string,
  trail: readonly string[],
  edges: ReadonlyMap<string, readonly string[]>,
  seen: Set<string>,
  rings: Map<string, readonly string[]>,
): void {
  const start = trail.indexOf(path);
  if (start !== -1) {
    const ring = fromSmallest(trail.slice(start));
    rings.set(ring.join(' '), ring);
    return;
  }
  if (seen.has(path)) return;
  for (const next of edges.get(path) ?? []) walk(next, [...trail, path], edges, seen, rings);
  seen.add(path);
}

/** Turns the ring so that the same ring is written the same way, wherever it was entered. */
function fromSmallest(ring: readonly string[]): readonly string[] {
  const first = [...ring].sort()[0] ?? '';
  const at = ring.indexOf(first);
  return [...ring.slice(at), ...ring.slice(0, at)];
}
