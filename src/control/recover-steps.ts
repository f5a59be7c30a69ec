// What a crash left of a case's step between keeping and counting: what is on record counts, and what the whole record up to now
// does not hold never happened. Each gateway looks for its own: what another one wrote down stands in another log.

import type { CaseStore } from '../case-ports.ts';
import { readStep } from '../core/cases/step-note.ts';
import { Fault } from '../core/faults.ts';
import type { RecordSearch } from '../search-ports.ts';

export interface RecoverStepsNeeds {
  readonly store: CaseStore;
  readonly search: Pick<RecordSearch, 'search'>;
  /** Number of the last durable record of this gateway, among those of all. */
  readonly lastRecord: () => number;
  /** Name of the gateway that steps are recorded at; absent or null where there is only one. */
  readonly log?: string | null;
}

const page = 500;

/** How many there were. Rejects until the search has read the record to its end. */
export async function recoverSteps({ store, search, lastRecord, log = null }: RecoverStepsNeeds): Promise<number> {
  const last = lastRecord();
  const pending = (await store.pending()).filter((one) => one.log === undefined || one.log === log);
  const oldest = pending[0];
  if (oldest === undefined) return 0;
  const recorded = new Map<string, number>();
  let indexed = 0;
  for (let before: number | null = Number.MAX_SAFE_INTEGER; before !== null;) {
    // Text and clock may lie a moment apart.
    const found = await search.search({ event: 'case-step', since: oldest.at - 60_000, before }, page);
    for (const { sequence, detail } of found.requests) {
      const step = readStep(detail ?? '');
      if (step !== null) recorded.set(step.id, sequence);
    }
    indexed = found.indexed;
    before = found.next;
  }
  if (indexed < last) throw new Fault('session-store-unavailable', { cause: 'The record is not read to its end yet' });
  for (const { id } of pending) {
    const record = recorded.get(id);
    await (record === undefined ? store.forget(id) : store.count(id, record));
  }
  return pending.length;
}
