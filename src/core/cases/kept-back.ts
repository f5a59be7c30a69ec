// Whether a record stays out of what its reader is shown, because it tells them that they were noticed: alerts about themselves,
// what followed these, and the steps that others take in a case about them. What they did themselves they know.

import type { CasePerson } from './case.ts';

export interface ReadableRecord {
  readonly event: string;
  readonly subject: Pick<CasePerson, 'issuer' | 'sub'> | null;
  readonly detail: string | null;
}

const aboutTheirSubject: readonly string[] = ['alert', 'response', 'response-lifted'];

/** Nobody is `reader` where nobody is signed in. */
export function isKeptBack({ event, subject, detail }: ReadableRecord, reader: CasePerson | null): boolean {
  if (reader === null) return false;
  const isTheirs = subject?.issuer === reader.issuer && subject.sub === reader.sub;
  if (aboutTheirSubject.includes(event)) return isTheirs;
  // As the note of a step writes whom it is about.
  return event === 'case-step' && !isTheirs && detail?.includes(`, about "${reader.name.replaceAll('"', "'")}"`) === true;
}
