// Which separator an export uses, by its first line.

/** The one that stands there most often: a European Excel writes semicolons. */
export function separatorOf(text: string): ',' | ';' | '\t' {
  const end = text.indexOf('\n');
  const line = end === -1 ? text : text.slice(0, end);
  const count = (mark: string): number => line.split(mark).length;
  return count(';') > count(',') ? ';' : count('\t') > count(',') ? '\t' : ',';
}
