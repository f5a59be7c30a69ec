// The file that Windows opens for `file:stream`. A colon is an ordinary character elsewhere, so such a name passes unless
// the profile is `windows`; but it must not lead round the rule for the file itself.

/** The segments without what follows a colon, or null where none of them has such a name. */
export function withoutStreams(segments: readonly string[]): readonly string[] | null {
  if (!segments.some((segment) => segment.includes(':', 1))) return null;
  return segments.map(withoutStream);
}

/** One of them. The blanks and dots at its end go too, which Windows drops. */
export function withoutStream(segment: string): string {
  return segment.replace(/(?<=.):.*$/s, '').replace(/[. ]+$/, '');
}
