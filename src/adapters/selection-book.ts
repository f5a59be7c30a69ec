// Remembers which patient each EHR session has selected. The state machine is in `core/session/selection.ts`; here it is
// kept per session, waited on for a bounded time, and the committed patient is written to the session's row.

import type { Selection, SelectionOutcome } from '../core/session/selection.ts';
import { beginSelection, noSelection, readSelection, settleSelection } from '../core/session/selection.ts';
import type { SessionStore, Soon } from '../ports.ts';

export type SelectedPatient = string | null | { readonly ambiguous: string };

const mustWait = Symbol('a selection is in flight');

const inFlight: SelectedPatient = { ambiguous: 'Another request of your session is opening a patient at this moment' };
const unknown: SelectedPatient = { ambiguous: 'It is not certain which patient is open in your session; open the patient again' };

interface Entry {
  /** The session's key now; answers that are still on their way know it by an older one. */
  key: string;
  readonly keys: Set<string>;
  /** The EHR session in which the patient was selected; undefined after a restart. Never stored. */
  ehrSession: string | null | undefined;
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
    sessions.onRename((from, to) => this.#rename(from, to));
  }

  /** The selected patient; waits while a selection is in flight, and says so when it takes too long. */
  selectedPatient(sessionKey: string, ehrSession: string | null): Soon<SelectedPatient> {
    const known = this.#entries.get(sessionKey) ?? this.#restore(sessionKey);
    return known instanceof Promise ? known.then((entry) => this.#read(entry, ehrSession)) : this.#read(known, ehrSession);
  }

  #read(entry: Entry, ehrSession: string | null): Soon<SelectedPatient> {
    const now = reading(entry);
    return now === mustWait
      ? this.#wait(entry).then((patient) => within(entry, ehrSession, patient))
      : within(entry, ehrSession, now);
  }

  begin(sessionKey: string, requestId: string, patient: string | null): Soon<void> {
    const entry = this.#entries.get(sessionKey) ?? this.#restore(sessionKey);
    if (!(entry instanceof Promise)) entry.state = beginSelection(entry.state, requestId, patient);
    else return entry.then((restored) => void (restored.state = beginSelection(restored.state, requestId, patient)));
    return undefined;
  }

  settle(sessionKey: string, requestId: string, how: SelectionOutcome, ehrSession: string | null): void {
    const entry = this.#entries.get(sessionKey);
    if (!entry) return;
    entry.state = settleSelection(entry.state, requestId, how);
    if (how === 'took-effect') entry.ehrSession = ehrSession;
    if (reading(entry) === mustWait) return;
    for (const wake of entry.waiters.splice(0)) wake();
    const { committed } = entry.state;
    void this.#sessions.update(entry.key, { selectedPatient: committed }).catch(() => undefined);
  }

  /** The EHR opened another session: that is a selection of nobody, which has taken effect already. */
  newEhrSession(sessionKey: string, requestId: string, ehrSession: string | null): void {
    const began = this.begin(sessionKey, requestId, null);
    if (began instanceof Promise) void began.then(() => this.settle(sessionKey, requestId, 'took-effect', ehrSession));
    else this.settle(sessionKey, requestId, 'took-effect', ehrSession);
  }

  /** The session ended: what was selected is gone. */
  forget(sessionKey: string): void {
    const entry = this.#entries.get(sessionKey);
    for (const key of entry?.keys ?? []) this.#entries.delete(key);
    for (const wake of entry?.waiters ?? []) wake();
  }

  #rename(from: string, to: string): void {
    const entry = this.#entries.get(from);
    if (!entry) return;
    entry.key = to;
    this.#entries.set(to, entry);
    entry.keys.add(to);
  }

  // After a restart the row knows what was committed before.
  #restore(sessionKey: string): Soon<Entry> {
    const found = this.#sessions.find(sessionKey);
    const read = (lookup: Awaited<typeof found>): Entry => {
      const known = this.#entries.get(sessionKey);
      if (known) return known;
      const patient = lookup.found === 'yes' ? lookup.value.selectedPatient : null;
      const entry = {
        key: sessionKey,
        keys: new Set([sessionKey]),
        ehrSession: undefined,
        state: noSelection(patient),
        waiters: [],
      };
      if (lookup.found === 'yes') this.#entries.set(sessionKey, entry);
      return entry;
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

/** A browser that holds two sessions of the EHR has two patients open, and only one of them was recorded last. */
function within(entry: Entry, ehrSession: string | null, patient: SelectedPatient): SelectedPatient {
  const isAnother = entry.ehrSession !== undefined && entry.ehrSession !== ehrSession;
  return isAnother && patient !== null ? unknown : patient;
}
