// Schedule, roster, demographics and confidential patients together, made once from what was imported. Without one of them, what
// needs it answers that it knows nothing.

import { Kinship } from './kinship.ts';
import type { RelationRows } from './relation-rows.ts';
import { Roster } from './roster.ts';
import { SamePatients } from './same-patients.ts';
import { Schedule } from './schedule.ts';

export class Relations {
  readonly #same = new SamePatients();
  readonly roster: Roster;
  readonly kinship: Kinship;
  /** Null where none was imported. */
  readonly schedule: Schedule | null;
  readonly #confidential: ReadonlySet<string>;

  /** `alike` are more ids that are one patient, as another directory has them. */
  constructor(rows: RelationRows, alike: Iterable<readonly [string, string]> = []) {
    for (const [one, other] of alike) this.#same.join(one, other);
    this.roster = new Roster(rows.staff ?? []);
    this.kinship = new Kinship(this.roster, rows.demographics ?? [], this.#same);
    this.schedule = rows.appointments === null ? null : new Schedule(rows.appointments, this.roster, this.#same);
    this.#confidential = new Set([...(rows.confidential ?? [])].map(({ patient }) => this.#same.of(patient)));
  }

  /** The one id that stands for all of a patient's. */
  patientOf(id: string): string {
    return this.#same.of(id);
  }

  isConfidential(patient: string): boolean {
    return this.#confidential.has(patient);
  }
}
