// Writes single values as YAML that reads back as exactly the same text, in the plainest form that does. Never writes an
// escape: the loader takes none, so whoever answers is asked again for text that would need one.

import { parse } from 'yaml';

/** Text that YAML reads as it stands, also between braces and brackets. */
const plainForm = /^[A-Za-z0-9/.](?:[A-Za-z0-9 ._/@+*-]|:(?=[/0-9A-Za-z]))*$/;

/** Words that readers of the older YAML 1.1 take for yes and no. */
const olderBooleans = /^(?:y|n|yes|no|on|off)$/i;

/** Why the text cannot stand in a configuration file, as the end of a sentence, or null. */
export function unwritable(text: string): string | null {
  const invisible = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(text);
  return invisible ? 'holds a line break or another invisible character, type it anew on one line' : null;
}

export function scalar(text: string): string {
  const plain = plainForm.test(text) && !text.endsWith(' ') && !olderBooleans.test(text) && parse(text) === text;
  return plain ? text : `'${text.replaceAll("'", "''")}'`;
}

/** One value stands alone, several in brackets. */
export function list(values: readonly string[]): string {
  const [only = '', ...more] = values.map(scalar);
  return more.length === 0 ? only : `[${[only, ...more].join(', ')}]`;
}

/** `{ name: Northside, help: ext. 4357 }`; the values are YAML already, and null is left out. */
export function mapping(entries: readonly (readonly [string, string | null])[]): string {
  const pairs = entries.flatMap(([key, value]) => (value === null ? [] : [`${scalar(key)}: ${value}`]));
  return `{ ${pairs.join(', ')} }`;
}
