// Schedule, roster, demographics and confidential patients together, made once from what was imported (gather-relations.ts).
// Without one of them, what needs it answers that it knows nothing.

import type { Kinship } from './kinship.ts';
import type { Roster } from './roster.ts';
import type { SamePatients } from './same-patients.ts';
import type { Schedule } from './schedule.ts';

export interface RelationParts {
  readonly same: SamePatients;
  readonly roster: Roster;
  readonly kinship: Kinship;
  /** Null where none was imported. */
  readonly schedule: Schedule | null;
  /** By the one id that stands for all of a patient's. */
  readonly confidential: ReadonlySet<string>;
}

export class Relations {
  readonly #same: SamePatients;
  readonly #confidential: ReadonlySet<string>;
  readonly roster: Roster;
  readonly kinship: Kinship;
  readonly schedule: Schedule | null;

  constructor({ same, roster, kinship, schedule, confidential }: RelationParts) {
    this.#same = same;
    this.#confidential = confidential;
    this.roster = roster;
    this.kinship = kinship;
    this.schedule = schedule;
  }

  /** The one id that stands for all of a patient's. */
  patientOf(id: string): string {
    return this.#same.of(id);
  }

  isConfidential(patient: string): boolean {
    return this.#confidential.has(patient);
  }
}
