// Reads a Content-Disposition the way legacy EHRs write it. RFC 6266 is the ideal; what is met is a type misspelt, a
// type missing, quotes never closed. In doubt it says "attached", because the doubt would otherwise leave unnoticed.

export interface Disposition {
  /** True only where the header says `inline` and nothing else. */
  readonly inline: boolean;
  /** The longest file name given, unquoted; empty where none was given or it was left blank. */
  readonly fileName: string;
}

/** Reads one header value; null where it is blank. Linear in its length, however it is written. */
export function readDisposition(value: string): Disposition | null {
  // White space is collapsed first, so that no pattern below can be made slow by a long run of it.
  const text = value.replaceAll(/\s+/g, ' ').trim();
  if (text === '') return null;
  const fileName = namesIn(text).reduce((longest, name) => (name.length > longest.length ? name : longest), '');
  return { inline: typeOf(text) === 'inline' && !saysAttachedLater(text), fileName };
}

/** The first word, folded; empty where the value begins with a parameter (`filename="x.zip"`). */
function typeOf(text: string): string {
  const word = text.replace(/[\s;,="].*$/s, '');
  return text.slice(word.length).trimStart().startsWith('=') ? '' : word.toLowerCase();
}

// Two headers joined by a proxy on the way read `inline, attachment; filename=x`. Quoted text may say what it likes.
function saysAttachedLater(text: string): boolean {
  return /[;,] ?attach/i.test(text.replaceAll(/"[^"]*"?/g, '""'));
}

/** Every `filename`, `filename*` and `filename*0*` (RFC 2231, RFC 8187), quoted or not, the quotes closed or not. */
function namesIn(text: string): readonly string[] {
  const parameters = [...text.matchAll(/filename ?(?:\*\d{0,3}\*?)? ?= ?"?[^";]*/gi)];
  return parameters.map(([whole]) => whole.replace(/^[^=]*= ?"?/, '').replace(/^[\w-]*'[^']*'/, '').trim()); // prettier-ignore
}
