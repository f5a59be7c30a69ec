// Remembers which patient each EHR session has selected. The state machine is in `core/session/selection.ts`; here it is
// kept per session, waited on for a bounded time, and the committed patient is written to the session's row.

import type { Selection } from '../core/session/selection.ts';
import { beginSelection, noSelection, readSelection, settleSelection } from '../core/session/selection.ts';
import type { SessionStore, Soon } from '../ports.ts';

export type SelectedPatient = string | null | { readonly ambiguous: string };

const mustWait = Symbol('a selection is in flight');

const inFlight: SelectedPatient = { ambiguous: 'Another request of your session is opening a patient at this moment' };
const unknown: SelectedPatient = { ambiguous: 'Two patients were opened at once in your session; open the patient again' };

interface Entry {
  state: Selection;
  waiters: (() => void)[];
}

export class SelectionBook {
  readonly #entries = new Map<string, Entry>();
  readonly #sessions: SessionStore;
  readonly #waitMilliseconds: number;

  constructor(sessions: SessionStore, waitSeconds: number) {
    this.#sessions = sessions;
    this.#waitMilliseconds = waitSeconds * 1000;
    sessions.onEnd((session) => this.forget(session.key));
  }

  /** The selected patient; waits while a selection is in flight, and says so when it takes too long. */
  selectedPatient(sessionKey: string): Soon<SelectedPatient> {
    const entry = this.#entries.get(sessionKey);
    if (!entry) return this.#stored(sessionKey);
    const now = reading(entry);
    return now === mustWait ? this.#wait(entry) : now;
  }

  begin(sessionKey: string, requestId: string, patient: string | null): void {
    const entry = this.#entries.get(sessionKey) ?? { state: noSelection(), waiters: [] };
    entry.state = beginSelection(entry.state, requestId, patient);
    this.#entries.set(sessionKey, entry);
  }

  settle(sessionKey: string, requestId: string, succeeded: boolean): void {
    const entry = this.#entries.get(sessionKey);
    if (!entry) return;
    entry.state = settleSelection(entry.state, requestId, succeeded);
    if (reading(entry) === mustWait) return;
    for (const wake of entry.waiters.splice(0)) wake();
    const { committed } = entry.state;
    void this.#sessions.update(sessionKey, { selectedPatient: committed }).catch(() => undefined);
  }

  /** The session ended, or its EHR session did: what was selected is gone. */
  forget(sessionKey: string): void {
    const entry = this.#entries.get(sessionKey);
    this.#entries.delete(sessionKey);
    for (const wake of entry?.waiters ?? []) wake();
  }

  // After a restart the row knows what was committed before.
  #stored(sessionKey: string): Soon<string | null> {
    const found = this.#sessions.find(sessionKey);
    const read = (lookup: Awaited<typeof found>): string | null => {
      const patient = lookup.found === 'yes' ? lookup.value.selectedPatient : null;
      this.#entries.set(sessionKey, { state: noSelection(patient), waiters: [] });
      return patient;
    };
    return found instanceof Promise ? found.then(read) : read(found);
  }

  #wait(entry: Entry): Promise<SelectedPatient> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(inFlight), this.#waitMilliseconds);
      entry.waiters.push(() => {
        clearTimeout(timer);
        const after = reading(entry);
        resolve(after === mustWait ? inFlight : after);
      });
    });
  }
}

function reading(entry: Entry): SelectedPatient | typeof mustWait {
  const now = readSelection(entry.state);
  if (now.kind === 'in-flight') return mustWait;
  return now.kind === 'ambiguous' ? unknown : now.id;
}
