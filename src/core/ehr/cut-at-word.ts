// Shortens a text for people at a place where it does not read as another word.

/** At most `most` UTF-16 units, with "…" where something was left out. */
export function cutAtWord(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = text.slice(0, Math.max(most - 1, 0));
  // Where the cut is between two words, nothing of the last has to go.
  const end = text.charAt(kept.length) === ' ' ? kept.length : kept.lastIndexOf(' ');
  const cut = end > 0 ? kept.slice(0, end) : kept.replace(/[\ud800-\udbff]$/, '');
  return most > 0 ? `${cut.trimEnd()}…` : '';
}
