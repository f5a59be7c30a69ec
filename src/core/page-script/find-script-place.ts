// Where a script can be put into an HTML document: directly after the doctype, so that the document keeps its mode and a
// frameset is still the first thing it holds, or before its first tag. What does not begin as a document gets none: a
// fragment, JSON that is called HTML, or a file. Works on the first bytes, read as Latin-1: one character for each byte.

export type ScriptPlace =
  | { readonly found: 'yes'; readonly at: number }
  | { readonly found: 'no' }
  /** The beginning does not tell yet. */
  | { readonly found: 'not-yet' };

const no: ScriptPlace = { found: 'no' };
const notYet: ScriptPlace = { found: 'not-yet' };

/** Tags that begin a document, after those by which browsers tell HTML (WHATWG MIME Sniffing, section 7.1). */
const firstTags = new Set([
  'html', 'head', 'frameset', 'body', 'title', 'meta', 'link', 'base', 'script', 'style', 'noscript', 'h1', 'div', 'table',
  'center', 'form', 'font', 'p', 'br', 'b', 'a', 'iframe',
]); // prettier-ignore

/** Longer than any of those tags, with the character after it. */
const longestTag = 12;

/** `isWhole`: nothing follows on these bytes. */
export function findScriptPlace(head: string, isWhole: boolean): ScriptPlace {
  // UTF-16 and UTF-32 hold bytes of zero; a script in ASCII would be noise there.
  if (/^(?:\u00fe\u00ff|\u00ff\u00fe)/.test(head) || head.includes('\0')) return no;
  let at = head.startsWith('\u00ef\u00bb\u00bf') ? 3 : 0;
  for (;;) {
    at = afterSpace(head, at);
    const skipped = afterRemark(head, at);
    if (skipped === null) break;
    if (skipped === -1) return isWhole ? no : notYet;
    at = skipped;
  }
  if (!isWhole && head.length - at < longestTag) return notYet;
  return /^<!doctype/i.test(head.slice(at, at + 9)) ? afterDoctype(head, at, isWhole) : beforeTag(head, at);
}

function afterSpace(head: string, from: number): number {
  let at = from;
  while (at < head.length && '\t\n\f\r '.includes(head.charAt(at))) at += 1;
  return at;
}

/** Behind a comment or a processing instruction; -1 where its end is not here, null where there is none. */
function afterRemark(head: string, at: number): number | null {
  if (head.startsWith('<!--', at)) {
    // `<!-->` is a whole comment, and so is `<!--->` (HTML 13.2.5.43).
    const end = head.indexOf('-->', at + 2);
    return end === -1 ? -1 : end + 3;
  }
  if (!head.startsWith('<?', at)) return null;
  const end = head.indexOf('>', at);
  return end === -1 ? -1 : end + 1;
}

/** A `>` ends the doctype wherever it stands, also within quotes (HTML 13.2.5.59). */
function afterDoctype(head: string, at: number, isWhole: boolean): ScriptPlace {
  const end = head.indexOf('>', at);
  if (end === -1) return isWhole ? no : notYet;
  return /^<!doctype\s+html[\s>]/i.test(head.slice(at, end + 1)) ? { found: 'yes', at: end + 1 } : no;
}

function beforeTag(head: string, at: number): ScriptPlace {
  const name = /^<([a-z][a-z0-9]*)(?=[\s/>])/i.exec(head.slice(at, at + longestTag))?.[1];
  return name !== undefined && firstTags.has(name.toLowerCase()) ? { found: 'yes', at } : no;
}

/** Browsers look for the charset in this many bytes (HTML 13.2.3.2). */
const prescanBytes = 1024;

/**
 * Whether a document that names its charset by a meta element alone would lose it where so many bytes stand before it.
 */
export function losesCharset(head: string, inserted: number): boolean {
  const named = /<meta[^>]{0,300}charset[^>]{0,100}>/i.exec(head);
  if (named === null) return false;
  const end = named.index + named[0].length;
  return end <= prescanBytes && end + inserted > prescanBytes;
}
