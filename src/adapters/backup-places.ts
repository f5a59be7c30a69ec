// Where a file of the backed-up machine lies in the place restored to. What lies below gateway.yaml's directory keeps its
// place, so that relative paths still fit; everything else stands under `elsewhere`, to be moved by hand.

import { basename, isAbsolute, relative, sep } from 'node:path';

export interface BackupRoots {
  /** All absolute. */
  readonly configuration: string;
  readonly data: string;
  readonly audit: string;
  readonly fallback: string | null;
}

interface Root {
  readonly from: string;
  /** '' for the top. */
  readonly to: string;
}

export const elsewhere = 'elsewhere';

export class BackupPlaces {
  readonly #roots: Root[];
  readonly #single = new Map<string, string>();

  constructor({ configuration, data, audit, fallback }: BackupRoots) {
    this.#roots = [{ from: configuration, to: '' }];
    this.#addRoot(data, 'data');
    this.#addRoot(audit, 'audit');
    if (fallback !== null) this.#addRoot(fallback, 'audit-fallback');
  }

  /** The path below the place restored to, with `/`. The same for the same file, and another for another. */
  of(path: string): string {
    for (const { from, to } of this.#roots) {
      const below = stepsBelow(from, path);
      if (below !== null) return [...(to === '' ? [] : [to]), ...below].join('/');
    }
    const known = this.#single.get(path) ?? this.#newSingle(basename(path));
    this.#single.set(path, known);
    return known;
  }

  #addRoot(from: string, name: string): void {
    const isCovered = this.#roots.some((root) => stepsBelow(root.from, from) !== null);
    if (!isCovered) this.#roots.push({ from, to: `${elsewhere}/${name}` });
  }

  #newSingle(name: string): string {
    const taken = new Set(this.#single.values());
    for (let number = 1; ; number += 1) {
      const place = `${elsewhere}/files/${number === 1 ? '' : `${number}/`}${name}`;
      if (!taken.has(place)) return place;
    }
  }
}

/** The steps from a directory to what lies in it, or null for what does not. */
function stepsBelow(directory: string, path: string): string[] | null {
  const way = relative(directory, path);
  if (way === '') return [];
  const steps = way.split(sep);
  return steps[0] === '..' || isAbsolute(way) ? null : steps;
}
