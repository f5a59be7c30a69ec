// One field of the query of a console page, trimmed; empty where it is missing, given twice or too long.

import { fieldOf, readQuery } from '../core/policy/fields.ts';

const longest = 2048;

export function oneField(query: string | null, name: string): string {
  const reading = fieldOf(readQuery(query, 'java'), name, 'java');
  return reading.kind === 'one' && reading.value.length <= longest ? reading.value.trim() : '';
}
