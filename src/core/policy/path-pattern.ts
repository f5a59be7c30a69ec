// Path patterns: segments only, no regular expressions, so that clinic IT can read them and nobody can make them slow.

/** One piece of a segment pattern: literal text, or a star that takes any run of characters within the segment. */
export type SegmentPattern =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'star'; readonly pieces: readonly string[] }
  | { readonly kind: 'rest' };

/** `/a/{patient}/*.php/**`, parsed. `source` is what IT wrote. */
export interface PathPattern {
  readonly source: string;
  readonly segments: readonly SegmentPattern[];
}
