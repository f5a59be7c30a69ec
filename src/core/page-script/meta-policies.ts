// The content security policies that a document names by meta elements. They count from where they stand on, so that a script
// before them runs; but what it asks of the server later is theirs to forbid.

/** Of at most 2,000 characters. */
const metaElements = /<meta[^>]{0,2000}>/gi;

/** `head` is the beginning of the document, one character for each byte. What stands in a comment is read as well: in doubt it counts. */
export function metaPolicies(head: string): readonly string[] {
  const policies: string[] = [];
  for (const [element] of head.matchAll(metaElements)) {
    if (!/http-equiv\s*=\s*["']?\s*content-security-policy\b(?!-report-only)/i.test(element)) continue;
    const [, double, single, bare] = /\scontent\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i.exec(element) ?? [];
    policies.push((double ?? single ?? bare ?? '').replaceAll('&#39;', "'").replaceAll('&apos;', "'"));
  }
  return policies;
}
