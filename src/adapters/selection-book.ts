// Remembers which sessions of the EHR were given to which session of ours, and which patient each of them carries. The
// state machine is in `core/session/selection.ts`; here it is kept per EHR session, waited on for a bounded time, and
// written to the rows of those who hold it. A cookie's value never leaves memory: rows hold a keyed hash.

import type { EhrPlace, SelectedPatient } from '../core/session/ehr-place.ts';
import type { Selection, SelectionOutcome } from '../core/session/selection.ts';
import { beginSelection, noSelection, readSelection, settleSelection, successorOf, unknownSelection } from '../core/session/selection.ts'; // prettier-ignore
import type { HeldEhrSession, Session } from '../core/session/session.ts';
import type { SessionStore, Soon } from '../ports.ts';

const mustWait = Symbol('a selection is in flight');

const inFlight: SelectedPatient = { ambiguous: 'Another request of your session is opening a patient at this moment' };
const unknown: SelectedPatient = { ambiguous: 'It is not certain which patient is open in your session; open the patient again' };

/** EHR sessions of one session of ours at most; the one that was given or used longest ago is forgotten. */
const maximumHeld = 64;

/** A session of the EHR, or a person where the EHR carries the patient per person. */
interface Entry {
  readonly id: string;
  readonly perPerson: boolean;
  readonly holders: Set<Holder>;
  state: Selection;
  waiters: (() => void)[];
}

/** A session of ours. */
interface Holder {
  /** Its key now; answers that are still on their way know it by an older one. */
  key: string;
  readonly keys: Set<string>;
  /** By id, the longest unused first. */
  readonly held: Map<string, Entry>;
  /** Application and cookie value → id, of those held, so that a hash is made once. */
  readonly ids: Map<string, string>;
  /** What was written last; whether a write is on its way, and what stands here has changed since it began. */
  written: string | null;
  isWriting: boolean;
  isDue: boolean;
}

export class SelectionBook {
  readonly #entries = new Map<string, Entry>();
  readonly #holders = new Map<string, Holder>();
  readonly #sessions: SessionStore;
  readonly #keyedHash: (text: string) => string;
  readonly #waitMilliseconds: number;

  /** `keyedHash` must be the same after a restart, or every EHR session from before counts as unknown. */
  constructor(sessions: SessionStore, keyedHash: (text: string) => string, waitSeconds: number) {
    this.#sessions = sessions;
    this.#keyedHash = keyedHash;
    this.#waitMilliseconds = waitSeconds * 1000;
    sessions.onEnd((session) => this.forget(session.key));
    sessions.onRename((from, to) => this.#rename(from, to));
    sessions.onEhrSessions((session) => this.#adopt(session));
  }

  /** The first of the cookie's values that the EHR gave to this very session; null where it gave none of them. */
  given(session: Session, application: string, values: readonly string[]): string | null {
    if (values.length === 0) return null;
    const holder = this.#holderOf(session);
    if (holder === null) return null;
    return values.find((value) => holder.held.has(this.#idOf(holder, application, value))) ?? null;
  }

  /** The selected patient; waits while a selection is in flight, and says so when it takes too long. */
  selectedPatient(place: EhrPlace): Soon<SelectedPatient> {
    const entry = this.#entryAt(place);
    if (entry === 'unknown') return unknown;
    if (entry === null) return null;
    const now = reading(entry);
    return now === mustWait ? this.#wait(entry) : now;
  }

  begin(place: EhrPlace, requestId: string, patient: string | null): void {
    const entry = this.#entryAt(place);
    if (entry === null || entry === 'unknown') return;
    entry.state = beginSelection(entry.state, requestId, patient);
    this.#writeAll(entry);
  }

  /** The EHR's reply to a request gave these sessions. What that request selects, it may have selected in any of them. */
  learn(
    place: EhrPlace,
    requestId: string,
    values: readonly string[],
    selects: { readonly patient: string | null } | null,
  ): void {
    const holder = this.#holderOf(place.session);
    if (holder === null) return;
    const found = this.#entryAt(place);
    const before = found === 'unknown' ? null : found;
    const start = successorOf(before?.state ?? null);
    for (const value of values) {
      const id = this.#idOf(holder, place.application.name, value);
      const isNew = !holder.held.has(id);
      const entry = this.#hold(holder, id, start, false);
      const isPending = entry.state.pending.some(({ request }) => request === requestId);
      if (selects !== null && !isPending) entry.state = beginSelection(entry.state, requestId, selects.patient);
      if (isNew) this.#write(holder);
    }
  }

  settle(sessionKey: string, requestId: string, how: SelectionOutcome): void {
    for (const entry of this.#holders.get(sessionKey)?.held.values() ?? []) {
      const next = settleSelection(entry.state, requestId, how);
      if (next === entry.state) continue;
      entry.state = next;
      if (reading(entry) === mustWait) continue;
      for (const wake of entry.waiters.splice(0)) wake();
      this.#writeAll(entry);
    }
  }

  /** The session ended: what it held is gone, except where another session holds it as well. */
  forget(sessionKey: string): void {
    const holder = this.#holders.get(sessionKey);
    if (!holder) return;
    for (const key of holder.keys) this.#holders.delete(key);
    for (const entry of holder.held.values()) this.#release(holder, entry);
  }

  #entryAt({ session, application, ehrSession }: EhrPlace): Entry | null | 'unknown' {
    const holder = this.#holderOf(session);
    if (holder === null) return 'unknown';
    if (application.patientPerPerson === true) {
      const { issuer, sub } = session.subject;
      const id = JSON.stringify([application.name, issuer, sub]);
      return this.#hold(holder, id, unknownSelection(), true);
    }
    if ((application.sessionCookie ?? null) === null) return 'unknown';
    if (ehrSession === null) return null;
    const id = this.#idOf(holder, application.name, ehrSession);
    // Forgotten between two stages, because too many came after it.
    return holder.held.has(id) ? this.#hold(holder, id, unknownSelection(), false) : 'unknown';
  }

  /** Makes it the one used last; `start` counts where nobody holds it yet. */
  #hold(holder: Holder, id: string, start: Selection, perPerson: boolean): Entry {
    const entry = this.#entries.get(id) ?? { id, perPerson, holders: new Set(), state: start, waiters: [] };
    this.#entries.set(id, entry);
    entry.holders.add(holder);
    holder.held.delete(id);
    holder.held.set(id, entry);
    const [oldest] = holder.held.values();
    if (holder.held.size > maximumHeld && oldest !== undefined) {
      holder.held.delete(oldest.id);
      holder.ids.clear();
      this.#release(holder, oldest);
    }
    return entry;
  }

  #release(holder: Holder, entry: Entry): void {
    entry.holders.delete(holder);
    if (entry.holders.size > 0) return;
    this.#entries.delete(entry.id);
    for (const wake of entry.waiters.splice(0)) wake();
  }

  #idOf(holder: Holder, application: string, value: string): string {
    const name = `${application} ${value}`;
    const known = holder.ids.get(name);
    if (known !== undefined) return known;
    const id = this.#keyedHash(name);
    if (holder.held.has(id)) holder.ids.set(name, id);
    return id;
  }

  #holderOf(session: Session): Holder | null {
    return this.#holders.get(session.key) ?? this.#restore(session.key, session.ehrSessions);
  }

  /** After a restart the row knows what was given before. Null for a session that ended meanwhile: it holds nothing any more. */
  #restore(key: string, known: Session['ehrSessions'] = []): Holder | null {
    const found = this.#sessions.find(key);
    if (!(found instanceof Promise) && found.found !== 'yes') return null;
    const holder: Holder = {
      key,
      keys: new Set([key]),
      held: new Map(),
      ids: new Map(),
      written: null,
      isWriting: false,
      isDue: false,
    };
    this.#holders.set(key, holder);
    // Rows that do not answer at once are not waited for: what the request was told of the session counts.
    if (found instanceof Promise) void found.then((one) => one.found === 'no' && this.forget(key));
    for (const { id, patient, certain } of found instanceof Promise ? known : found.value.ehrSessions)
      this.#hold(holder, id, certain ? noSelection(patient) : unknownSelection(), false);
    return holder;
  }

  #rename(from: string, to: string): void {
    const holder = this.#holders.get(from) ?? this.#restore(to);
    if (holder === null) return;
    holder.key = to;
    for (const key of [from, to]) this.#holders.set(key, holder);
    for (const key of [from, to]) holder.keys.add(key);
  }

  /** A person's is never stored: they may work on in a session whose row does not say so. */
  #writeAll(entry: Entry): void {
    if (!entry.perPerson) for (const holder of entry.holders) this.#write(holder);
  }

  #write(holder: Holder): void {
    holder.isDue = true;
    if (!holder.isWriting) void this.#writeInTurn(holder);
  }

  /** One after the other: of two that are on their way to PostgreSQL, the older may be the one that stays. */
  async #writeInTurn(holder: Holder): Promise<void> {
    let isWritten = false;
    holder.isWriting = true;
    while (holder.isDue) {
      holder.isDue = false;
      const ehrSessions = carriedBy(holder);
      holder.written = JSON.stringify(ehrSessions);
      isWritten = await this.#sessions.update(holder.key, { ehrSessions }).catch(() => false);
    }
    holder.isWriting = false;
    if (!isWritten) return;
    // What another gateway wrote meanwhile was not looked at.
    const found = this.#sessions.find(holder.key);
    if (!(found instanceof Promise) && found.found === 'yes') this.#adopt(found.value);
  }

  /** Another gateway knows more: what its requests selected counts, but for what is in flight here, of which nobody knows. */
  #adopt({ key, ehrSessions }: Session): void {
    const holder = this.#holders.get(key);
    if (holder === undefined || holder.isWriting || holder.written === JSON.stringify(ehrSessions)) return;
    holder.written = JSON.stringify(ehrSessions);
    for (const { id, patient, certain } of ehrSessions) {
      const said = certain ? noSelection(patient) : unknownSelection();
      const entry = this.#hold(holder, id, said, false);
      const { pending } = entry.state;
      entry.state = pending.length === 0 ? said : { ...unknownSelection(), pending, overlapped: true };
    }
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

/** As a row has it. */
function carriedBy({ held }: Holder): HeldEhrSession[] {
  return [...held.values()].flatMap(({ id, perPerson, state }) => {
    const certain = readSelection(state).kind === 'patient';
    return perPerson ? [] : { id, patient: certain ? state.committed : null, certain };
  });
}

function reading(entry: Entry): SelectedPatient | typeof mustWait {
  const now = readSelection(entry.state);
  if (now.kind === 'in-flight') return mustWait;
  return now.kind === 'ambiguous' ? unknown : now.id;
}
