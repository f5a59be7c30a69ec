// The only representation of "where to": rules, audit and the upstream's request line all see this one value.

declare const canonical: unique symbol;

/** Made by `canonicalize` alone. `path` is serialised as in step 11; `segments` are its decoded segments, the last may be empty. */
export interface CanonicalTarget {
  readonly path: string;
  /** Byte-identical query without its `?`, or null where there was none. */
  readonly query: string | null;
  readonly segments: readonly string[];
  readonly [canonical]: true;
}

/** How the upstream reads paths. */
export type TargetProfile = 'generic' | 'java' | 'php' | 'windows';

/** `path?query`, exactly as it goes onto the upstream's request line. */
export function requestLine(target: CanonicalTarget): string {
  return target.query === null ? target.path : `${target.path}?${target.query}`;
}
