// The file that Windows opens for `file:stream`. A colon is an ordinary character elsewhere, so such a name passes unless
// the profile is `windows`; but it must not lead round the rule for the file itself.

/** The segments without what follows a colon, or null where none of them has such a name. */
export function withoutStreams(segments: readonly string[]): readonly string[] | null {
  if (!segments.some((segment) => segment.includes(':', 1))) return null;
  return segments.map((segment) => segment.replace(/(?<=.):.*$/s, '').replace(/[. ]+$/, ''));
}
