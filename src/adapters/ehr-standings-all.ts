// Where everybody stands at the EHRs: people's standings go with their sessions, sealed on disk; a machine's are kept in
// memory only, because it signs on anew with its next request after a restart.

import { isMachine } from '../core/session/machine-session.ts';
import type { Caller } from '../core/session/machine-session.ts';
import type { EhrStanding, EhrStandings } from '../ehr-ports.ts';

export class AllEhrStandings implements EhrStandings {
  readonly #people: EhrStandings;
  /** Reference of the machine → application → standing; as many machines as the configuration ever named. */
  readonly #machines = new Map<string, Map<string, EhrStanding>>();

  constructor(people: EhrStandings) {
    this.#people = people;
  }

  get(session: Caller, application: string): EhrStanding | null {
    if (!isMachine(session)) return this.#people.get(session, application);
    return this.#machines.get(session.reference)?.get(application) ?? null;
  }

  put(session: Caller, application: string, standing: EhrStanding): void {
    if (!isMachine(session)) {
      this.#people.put(session, application, standing);
      return;
    }
    const held = this.#machines.get(session.reference) ?? new Map<string, EhrStanding>();
    this.#machines.set(session.reference, held.set(application, standing));
  }

  take(session: Caller): ReadonlyMap<string, EhrStanding> {
    if (!isMachine(session)) return this.#people.take(session);
    const held = this.#machines.get(session.reference) ?? new Map<string, EhrStanding>();
    this.#machines.delete(session.reference);
    return held;
  }
}
