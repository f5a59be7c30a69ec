// Where everybody stands at the EHRs: people's standings go with their sessions, sealed on disk; a machine's are kept in
// memory only, because it signs on anew with its next request after a restart. With several gateways a machine has a session
// at the EHR for each gateway that it reaches: it carries no patient, and what one of them does concerns no other.

import { isMachine } from '../core/session/machine-session.ts';
import type { Caller } from '../core/session/machine-session.ts';
import type { EhrStanding, EhrStandings } from '../ehr-ports.ts';
import type { Soon } from '../ports.ts';

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

  current(session: Caller, application: string): Soon<EhrStanding | null> {
    return isMachine(session) ? this.get(session, application) : this.#people.current(session, application);
  }

  put(session: Caller, application: string, standing: EhrStanding): Soon<void> {
    if (!isMachine(session)) return this.#people.put(session, application, standing);
    const held = this.#machines.get(session.reference) ?? new Map<string, EhrStanding>();
    this.#machines.set(session.reference, held.set(application, standing));
    return undefined;
  }

  take(session: Caller): Soon<ReadonlyMap<string, EhrStanding>> {
    if (!isMachine(session)) return this.#people.take(session);
    const held = this.#machines.get(session.reference) ?? new Map<string, EhrStanding>();
    this.#machines.delete(session.reference);
    return held;
  }
}
