// Writes one text value as a JSON string that no terminal, editor or log viewer can be tricked with. Reading it back
// gives the same text; nothing is dropped except what stands beyond the cap, and that is marked.

/** Anything but printable ASCII without quote and backslash needs a closer look. */
const needsLook = /[^ !#-[\]-~]/;

/** Controls, format characters (bidi overrides, zero-width marks, tags) and the line and paragraph separators. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A high surrogate left alone by the cut. */
const halfPair = /[\ud800-\udbff]$/;

/**
 * `value` as a JSON string of at most `mostCharacters` UTF-16 units before escaping. A longer value is cut and ends
 * with "…". Lone surrogates, controls and invisible characters are written as \u escapes (CVE-2021-42574 shows why).
 */
export function quote(value: string, mostCharacters: number): string {
  const kept = value.length > mostCharacters ? `${value.slice(0, mostCharacters - 1).replace(halfPair, '')}…` : value;
  return needsLook.test(kept) ? JSON.stringify(kept).replace(invisible, escapeUnits) : `"${kept}"`;
}

function escapeUnits(character: string): string {
  let escaped = '';
  for (let at = 0; at < character.length; at += 1) {
    escaped += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }
  return escaped;
}
