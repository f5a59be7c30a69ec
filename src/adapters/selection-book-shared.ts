// The selection book where several gateways have it in common: which sessions of the EHR were given to a session stands in its
// row, which patient each carries in a row of its own and, once it is certain, in the session's as well. A selection is written and
// told before it goes to the EHR, and a request that leans on the patient first hears what others told: a chart that another
// gateway is opening is never taken for the one before.

import { Fault } from '../core/faults.ts';
import type { EhrPlace, SelectedPatient } from '../core/session/ehr-place.ts';
import type { Selection, SelectionOutcome } from '../core/session/selection.ts';
import { beginSelection, readSelection, settleSelection, successorOf, unknownSelection } from '../core/session/selection.ts';
import type { HeldEhrSession, Session } from '../core/session/session.ts';
import type { SessionStore } from '../ports.ts';
import type { SharedParts } from '../shared-ports.ts';
import type { SelectionRows } from './selection-rows.ts';

const inFlight: SelectedPatient = { ambiguous: 'Another request of your session is opening a patient at this moment' };
const unknown: SelectedPatient = { ambiguous: 'It is not certain which patient is open in your session; open the patient again' };

/** EHR sessions of one session of ours at most; the one that was given or chosen in longest ago is forgotten. */
const maximumHeld = 64;
const lookAgainMilliseconds = 50;
const settleAgainMilliseconds = 1000;
/** Until then the row counts as lost by itself. */
const mostSettles = 600;

export interface SharedSelectionNeeds {
  readonly sessions: Pick<SessionStore, 'ofSubject' | 'update'>;
  readonly rows: SelectionRows;
  readonly shared: Pick<SharedParts, 'changes' | 'turns'>;
  /** The same at all gateways. */
  readonly keyedHash: (text: string) => string;
  readonly waitSeconds: number;
}

interface Begun {
  readonly session: Session;
  /** Id → whether it is a person's, which no session row names. */
  readonly ids: Map<string, boolean>;
}

/** A session of the EHR, or a person where the EHR carries the patient per person. */
interface Entry {
  readonly id: string;
  readonly perPerson: boolean;
}

export class SharedSelectionBook {
  readonly #needs: SharedSelectionNeeds;
  /** Request → what it selects in; whoever began it settles it. */
  readonly #begun = new Map<string, Begun>();

  constructor(needs: SharedSelectionNeeds) {
    this.#needs = needs;
  }

  /** The first of the cookie's values that the EHR gave to this very session; null where it gave none of them. */
  async given(session: Session, application: string, values: readonly string[]): Promise<string | null> {
    if (values.length === 0) return null;
    const known = this.#givenOf(session, application, values);
    if (known !== null) return known;
    // It may have been given at another gateway a moment ago.
    const now = await this.#fresh(session);
    return now === null ? null : this.#givenOf(now, application, values);
  }

  /** The selected patient; waits while a selection is in flight, and says so when it takes too long. */
  async selectedPatient(place: EhrPlace): Promise<SelectedPatient> {
    const entry = this.#entryAt(place);
    if (entry === null) return null;
    if (entry === 'unknown') return unknown;
    const noted = entry.perPerson ? undefined : await this.#noted(place.session, entry.id);
    if (noted?.certain === true) return noted.patient;
    for (let left = this.#needs.waitSeconds * 1000; ; left -= lookAgainMilliseconds) {
      const now = readSelection((await this.#needs.rows.read(entry.id)) ?? unknownSelection());
      if (now.kind !== 'in-flight') return now.kind === 'ambiguous' ? unknown : now.id;
      if (left <= 0) return inFlight;
      await new Promise((resolve) => setTimeout(resolve, lookAgainMilliseconds));
    }
  }

  /** Resolves once every gateway can read it. Rejects with Fault `session-store-unavailable`: then nothing may be sent. */
  async begin({ session, ...place }: EhrPlace, requestId: string, patient: string | null): Promise<void> {
    const entry = this.#entryAt({ session, ...place });
    if (entry !== null && entry !== 'unknown') await this.#begin(session, entry, requestId, patient, unknownSelection());
  }

  /** The EHR's reply to a request gave these sessions. What that request selects, it may have selected in any of them. */
  async learn(
    place: EhrPlace,
    requestId: string,
    values: readonly string[],
    selects: { readonly patient: string | null } | null,
  ): Promise<void> {
    const { session, application } = place;
    const found = this.#entryAt(place);
    const before = found === null || found === 'unknown' ? null : await this.#needs.rows.read(found.id);
    const start = successorOf(found === null || found === 'unknown' ? null : (before ?? unknownSelection()));
    for (const value of values) {
      const id = this.#idOf(application.name, value);
      if (selects === null) await this.#note(session, id, await this.#needs.rows.change(id, start, (state) => state));
      else await this.#begin(session, { id, perPerson: false }, requestId, selects.patient, start);
    }
  }

  /** Tried again until it is written: nobody else knows how the request went. */
  async settle(requestId: string, how: SelectionOutcome, tries = 1): Promise<void> {
    const begun = this.#begun.get(requestId);
    if (begun === undefined) return;
    try {
      for (const [id, perPerson] of begun.ids) {
        const state = await this.#needs.rows.change(id, unknownSelection(), (now) => settleSelection(now, requestId, how));
        if (!perPerson) await this.#note(begun.session, id, state);
        begun.ids.delete(id);
      }
      this.#begun.delete(requestId);
    } catch (cause) {
      if (tries >= mostSettles) this.#begun.delete(requestId);
      else setTimeout(() => void this.settle(requestId, how, tries + 1).catch(() => undefined), settleAgainMilliseconds).unref();
      throw cause;
    }
  }

  async #begin(session: Session, entry: Entry, requestId: string, patient: string | null, start: Selection): Promise<void> {
    const begun = this.#begun.get(requestId) ?? { session, ids: new Map<string, boolean>() };
    this.#begun.set(requestId, begun);
    begun.ids.set(entry.id, entry.perPerson);
    const state = await this.#needs.rows.change(entry.id, start, (now) =>
      now.pending.some(({ request }) => request === requestId) ? now : beginSelection(now, requestId, patient),
    );
    if (!entry.perPerson) await this.#note(session, entry.id, state);
  }

  #entryAt({ session, application, ehrSession }: EhrPlace): Entry | null | 'unknown' {
    if (application.patientPerPerson === true) {
      const { issuer, sub } = session.subject;
      return { id: this.#needs.keyedHash(JSON.stringify([application.name, issuer, sub])), perPerson: true };
    }
    if ((application.sessionCookie ?? null) === null) return 'unknown';
    return ehrSession === null ? null : { id: this.#idOf(application.name, ehrSession), perPerson: false };
  }

  #idOf(application: string, value: string): string {
    return this.#needs.keyedHash(`${application} ${value}`);
  }

  #givenOf({ ehrSessions }: Session, application: string, values: readonly string[]): string | null {
    const given = new Set(ehrSessions.map(({ id }) => id));
    return values.find((value) => given.has(this.#idOf(application, value))) ?? null;
  }

  /**
   * What the session's row says of it, once everything that was told has been heard. Whoever selects has it noted as uncertain
   * there before anything goes to the EHR, so what is certain is so; and it is had while PostgreSQL does not answer.
   */
  async #noted(session: Session, id: string): Promise<HeldEhrSession | undefined> {
    return (await this.#fresh(session))?.ehrSessions.find((one) => one.id === id);
  }

  /** As it is by now, under whatever key. Null where it has ended. */
  async #fresh({ subject, reference }: Session): Promise<Session | null> {
    const all = await this.#needs.sessions.ofSubject(subject.issuer, subject.sub);
    return all.find((one) => one.reference === reference) ?? null;
  }

  /** In the session's row, the one that was chosen in last at the end: by it a form that is kept knows its patient. */
  async #note(session: Session, id: string, state: Selection): Promise<void> {
    const { sessions, shared } = this.#needs;
    const reading = readSelection(state);
    const noted: HeldEhrSession = {
      id,
      patient: reading.kind === 'patient' ? reading.id : null,
      certain: reading.kind === 'patient',
    };
    // The whole list is written, so one gateway at a time.
    await shared.turns.run(`ehr-sessions ${session.reference}`, async () => {
      const now = await this.#fresh(session);
      if (now === null) return;
      const ehrSessions = [...now.ehrSessions.filter((one) => one.id !== id), noted].slice(-maximumHeld);
      if (JSON.stringify(ehrSessions) === JSON.stringify(now.ehrSessions)) return;
      await sessions.update(now.key, { ehrSessions });
      if (!(await shared.changes.tell('sessions', [now.key])))
        throw new Fault('session-store-unavailable', { detail: 'The other gateways may not know which EHR session this is' });
    });
  }
}
