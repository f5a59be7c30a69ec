// All live sessions in memory, found by key, by reference and by person. Knows nothing of rows.

import { personKey } from '../core/downloads/person-key.ts';
import { forgetOldest } from '../core/forget-oldest.ts';
import type { Session } from '../core/session/session.ts';

/** One session for as long as it lives, whatever key it goes by. */
export interface Live {
  session: Session;
  /** `lastActiveAt` as it stands in the row. */
  written: number;
  /** It was locked here, and the row does not say so yet. */
  lockDue: boolean;
  /** When the row was taken over last, counted in rows. */
  taken: number;
}

const formerKeys = 10_000;

export class SessionMemory {
  readonly #live = new Map<string, Live>();
  /** Nearly everybody has one session, and a set for each would be a quarter of all that a session takes. */
  readonly #bySubject = new Map<string, Live | Set<Live>>();
  readonly #byReference = new Map<string, Live>();
  /** Key that a session went by → its reference, so that ending it by that key still ends it. */
  readonly #former = new Map<string, string>();
  #taken = 0;

  get size(): number {
    return this.#live.size;
  }

  /** Rows taken over until now: what was read before a higher one is older than it. */
  get taken(): number {
    return this.#taken;
  }

  get(key: string): Live | undefined {
    return this.#live.get(key);
  }

  /** By its key now, or by one that it went by before. */
  known(key: string): Live | undefined {
    return this.#live.get(key) ?? this.#byReference.get(this.#former.get(key) ?? '');
  }

  byReference(reference: string): Live | undefined {
    return this.#byReference.get(reference);
  }

  all(): readonly Session[] {
    return [...this.#live.values()].map(({ session }) => session);
  }

  every(): readonly Live[] {
    return [...this.#live.values()];
  }

  ofSubject(issuer: string, sub: string): readonly Session[] {
    const found = this.#bySubject.get(personKey({ issuer, sub }));
    if (found instanceof Set) return [...found].map(({ session }) => session);
    return found === undefined ? [] : [found.session];
  }

  has(live: Live): boolean {
    return this.#byReference.get(live.session.reference) === live;
  }

  add(session: Session): Live {
    const live = { session, written: session.lastActiveAt, lockDue: false, taken: this.#next() };
    this.#index(live);
    return live;
  }

  /** The row as it stands now, in the place of what was known of it. */
  take(live: Live, session: Session): void {
    const { key } = live.session;
    this.#unindex(live);
    if (key !== session.key) {
      this.#former.set(key, session.reference);
      forgetOldest(this.#former, formerKeys);
    }
    live.session = session;
    live.taken = this.#next();
    this.#index(live);
  }

  remove(live: Live): void {
    this.#unindex(live);
  }

  #next(): number {
    this.#taken += 1;
    return this.#taken;
  }

  #index(live: Live): void {
    const { session } = live;
    this.#live.set(session.key, live);
    this.#byReference.set(session.reference, live);
    const person = personKey(session.subject);
    const others = this.#bySubject.get(person);
    if (others instanceof Set) others.add(live);
    else this.#bySubject.set(person, others === undefined ? live : new Set([others, live]));
  }

  #unindex(live: Live): void {
    const { session } = live;
    this.#live.delete(session.key);
    this.#byReference.delete(session.reference);
    const person = personKey(session.subject);
    const found = this.#bySubject.get(person);
    if (found instanceof Set) found.delete(live);
    if (found === live || (found instanceof Set && found.size === 0)) this.#bySubject.delete(person);
  }
}
