// One request or event as the reports read it: what the search index keeps of its record.

import type { IndexRow } from '../audit/index-row.ts';

/** A person is their login name, `machine lab` for a machine. */
export interface Told extends Omit<IndexRow, 'person'> {
  /** Number of the record that ended it; null where none did, and of an event. */
  readonly outcome: number | null;
  readonly person: string | null;
  /** Null for a machine, and where nobody is named. */
  readonly subject: { readonly issuer: string; readonly sub: string } | null;
}

/** The same for one person whatever they are called; of whom only a name is known, the name. Null where nobody is named. */
export function whoOf({ subject, person }: Pick<Told, 'subject' | 'person'>): string | null {
  return subject === null || subject.sub === '' ? person : `${subject.issuer} ${subject.sub}`;
}
