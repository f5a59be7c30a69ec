// Which of the staff a patient is, and whose home they share, by what roster and demographics both say. A surname alone never
// tells: only one that hardly anybody has. Of the patients, only those that have something in common with the staff are kept.

import { traitNames } from './relation-rows.ts';
import type { PatientDetails, Traits } from './relation-rows.ts';
import type { Member, Roster } from './roster.ts';
import type { SamePatients } from './same-patients.ts';

/** More patients at one address are a home, a shelter or a mistake, and no household. */
const mostOfHousehold = 8;
/** A surname of one in 3162 patients or fewer (−log10 of its share; Boxwala, 2011). */
const rareSurname = 3.5;

export class Kinship {
  readonly #roster: Roster;
  readonly #same: SamePatients;
  readonly #ofStaff = new Set<string>();
  /** Who of the staff has a name with date of birth, or an e-mail address. */
  readonly #known = new Map<string, Set<Member>>();
  readonly #logins = new Map<string, Set<string>>();
  readonly #details = new Map<string, Traits>();
  readonly #surnames = new Map<string, number>();
  readonly #addresses = new Map<string, number>();
  #patients = 0;

  /** `roster` knows everybody already. */
  constructor(roster: Roster, same: SamePatients) {
    this.#roster = roster;
    this.#same = same;
  }

  /** Everybody of the staff, before the first patient. */
  know(member: Member): void {
    for (const own of member.traits) {
      for (const name of traitNames) if (own[name] !== null) this.#ofStaff.add(`${name} ${own[name]}`);
      for (const key of keysOf(own)) this.#known.set(key, (this.#known.get(key) ?? new Set()).add(member));
    }
  }

  add({ ids, ...traits }: PatientDetails): void {
    const [first = ''] = ids;
    for (const id of ids) this.#same.join(first, id);
    this.#keep(first, traits);
  }

  /** Once it is known which ids are one patient. Yields behind each; to be gone through to its end. */
  *settle(): Generator<undefined, void> {
    const kept = [...this.#details];
    this.#details.clear();
    for (const [patient, traits] of kept) {
      this.#details.set(this.#same.of(patient), traits);
      yield;
    }
    for (const [patient, traits] of this.#details) {
      for (const key of keysOf(traits))
        for (const { login, traits: all } of this.#known.get(key) ?? [])
          if (all.some((own) => isSame(own, traits))) this.#belongs(patient, login);
      yield;
    }
    for (const { login, patients } of this.#roster.members()) {
      for (const patient of patients) this.#belongs(this.#same.of(patient), login);
      yield;
    }
  }

  /** Login names of the staff whose own chart it is: mostly none. */
  staffBehind(patient: string): ReadonlySet<string> {
    return this.#logins.get(patient) ?? none;
  }

  /** What the two have in common, in words; null where that is nothing that tells. */
  sharedHome(member: Member, patient: string): string | null {
    const theirs = this.#details.get(patient);
    if (theirs === undefined) return null;
    const has = (name: keyof Traits): boolean => theirs[name] !== null && member.traits.some((own) => own[name] === theirs[name]);
    if (has('address') && (this.#addresses.get(theirs.address as string) as number) <= mostOfHousehold) return 'the same address';
    if (has('phone')) return 'the same telephone number';
    if (has('email')) return 'the same e-mail address';
    if (!has('surname')) return null;
    const share = (this.#surnames.get(theirs.surname as string) as number) / this.#patients;
    return -Math.log10(share) >= rareSurname ? 'the same rare surname' : null;
  }

  #keep(patient: string, traits: Traits): void {
    this.#patients += 1;
    const common = traitNames.filter((name) => traits[name] !== null && this.#ofStaff.has(`${name} ${traits[name]}`));
    if (common.length === 0) return;
    this.#details.set(patient, traits);
    if (traits.surname !== null) this.#surnames.set(traits.surname, (this.#surnames.get(traits.surname) ?? 0) + 1);
    if (traits.address !== null) this.#addresses.set(traits.address, (this.#addresses.get(traits.address) ?? 0) + 1);
  }

  #belongs(patient: string, login: string): void {
    this.#logins.set(patient, (this.#logins.get(patient) ?? new Set()).add(login));
  }
}

const none: ReadonlySet<string> = new Set();

/** Nobody without one of them in common is the same person. */
function keysOf({ nameAndBirth, email }: Traits): readonly string[] {
  return [nameAndBirth === null ? [] : [`born ${nameAndBirth}`], email === null ? [] : [`mail ${email}`]].flat();
}

/** By name and date of birth; by the e-mail address alone only where one of the two does not say them: families share it. */
function isSame(own: Traits, patient: Traits): boolean {
  if (own.nameAndBirth !== null && patient.nameAndBirth !== null) return own.nameAndBirth === patient.nameAndBirth;
  return own.email !== null && own.email === patient.email;
}
