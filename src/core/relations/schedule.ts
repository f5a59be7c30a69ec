// Appointments and encounters, asked: who saw a patient around a day, and which departments work by the schedule at all.

import type { Appointment } from './relation-rows.ts';
import type { Roster } from './roster.ts';
import type { SamePatients } from './same-patients.ts';
import { daysBetween } from './wall-time.ts';

export interface Visit {
  readonly day: string;
  readonly minute: number | null;
  readonly clinician: string | null;
  /** Logins. */
  readonly seenBy: ReadonlySet<string>;
  readonly department: string | null;
  /** Days from the one that was asked about, either way. */
  readonly distance: number;
}

type Kept = Omit<Visit, 'distance'>;

const nobody: ReadonlySet<string> = new Set();

export class Schedule {
  readonly #visits = new Map<string, Kept[]>();
  readonly #departments = new Set<string>();
  readonly #clinicians = new Set<string>();
  readonly #words = new Map<string, string>();
  readonly #roster: Roster;
  readonly #same: SamePatients;

  /** `roster` and `same` know already what they ever will. */
  constructor(roster: Roster, same: SamePatients) {
    this.#roster = roster;
    this.#same = same;
  }

  add({ patient, day, minute, clinician, department }: Appointment): void {
    const seenBy = clinician === null ? nobody : this.#roster.meant(clinician);
    for (const login of seenBy) this.#clinicians.add(login);
    if (department !== null) this.#departments.add(department);
    const said = {
      clinician: clinician === null ? null : this.#once(clinician),
      department: department === null ? null : this.#once(department),
    };
    const kept = { day: this.#once(day), minute, seenBy, ...said };
    const key = this.#same.of(patient);
    const all = this.#visits.get(key);
    if (all === undefined) this.#visits.set(key, [kept]);
    else all.push(kept);
  }

  /** Within so many days before and after, the nearest first. */
  around(patient: string, day: string, within: number): readonly Visit[] {
    const all = this.#visits.get(patient) ?? [];
    const near = all.map((visit) => ({ ...visit, distance: Math.abs(daysBetween(visit.day, day)) }));
    return near.filter(({ distance }) => distance <= within).sort((a, b) => a.distance - b.distance);
  }

  /** Whether somebody's work shows in it: else that it does not explain an opening says nothing. */
  covers(login: string, departments: ReadonlySet<string>): boolean {
    return this.#clinicians.has(login) || [...departments].some((one) => this.#departments.has(one));
  }

  /** The same few days, names and departments stand in hundreds of thousands of rows: each is kept once. */
  #once(text: string): string {
    const known = this.#words.get(text);
    if (known === undefined) this.#words.set(text, text);
    return known ?? text;
  }
}
