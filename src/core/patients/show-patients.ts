// A record as whoever may see patients is shown it: ids in the place of tokens, wherever they stand.

import { withIds } from './shown-tokens.ts';

/** The parts of a record in which tokens stand. */
export interface WithTokens {
  readonly patient: string | null;
  readonly target: string | null;
  readonly detail: string | null;
}

interface Known {
  readonly id: string;
}

/** With the ids that are known; a token without one stays. */
export function showPatients<T extends WithTokens>(record: T, known: ReadonlyMap<string, Known>): T {
  const shown = (text: string | null): string | null =>
    text === null || known.size === 0 ? text : withIds(text, (token) => known.get(token)?.id);
  return { ...record, patient: shown(record.patient), target: shown(record.target), detail: shown(record.detail) };
}

/** The texts in which tokens may stand. */
export function textsOf(records: readonly WithTokens[]): (string | null)[] {
  return records.flatMap(({ patient, target, detail }) => [patient, target, detail]);
}
