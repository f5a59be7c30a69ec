// What the privacy officer asked to see, read from the address of the page. Unknown fields are left alone.

import { fieldOf, readQuery } from '../core/policy/fields.ts';
import type { RecordFilter } from '../ports.ts';

const longest = 256;
const choices = ['refused', 'observed', 'review', 'asked'] as const;

/** Values are compared exactly; an empty field asks for nothing. */
export function readRecordFilter(query: string | null): RecordFilter {
  const fields = readQuery(query, 'java');
  const one = (name: string): string | null => {
    const reading = fieldOf(fields, name, 'java');
    return reading.kind === 'one' && reading.value !== '' ? reading.value.slice(0, longest) : null;
  };
  const show = one('show');
  return { person: one('person'), patient: one('patient'), only: choices.find((choice) => choice === show) ?? null };
}
