// Which of the staff a patient is, and whose home they share, by what roster and demographics both say. A surname alone never
// tells: only one that hardly anybody has. Of the patients, only those that have something in common with the staff are kept.

import type { PatientDetails, Traits } from './relation-rows.ts';
import type { Member, Roster } from './roster.ts';
import type { SamePatients } from './same-patients.ts';

/** More patients at one address are a home, a shelter or a mistake, and no household. */
const mostOfHousehold = 8;
/** A surname of one in 3162 patients or fewer (−log10 of its share; Boxwala, 2011). */
const rareSurname = 3.5;

const traitNames = ['email', 'phone', 'address', 'nameAndBirth', 'surname'] as const;

export class Kinship {
  readonly #roster: Roster;
  readonly #ofStaff = new Set<string>();
  readonly #logins = new Map<string, Set<string>>();
  readonly #details = new Map<string, Traits>();
  readonly #surnames = new Map<string, number>();
  readonly #addresses = new Map<string, number>();
  #patients = 0;

  constructor(roster: Roster, details: Iterable<PatientDetails>, same: SamePatients) {
    this.#roster = roster;
    for (const { traits } of roster.members())
      for (const one of traits) for (const name of traitNames) if (one[name] !== null) this.#ofStaff.add(`${name} ${one[name]}`);
    for (const { ids, ...traits } of details) {
      const [first = ''] = ids;
      for (const id of ids) same.join(first, id);
      this.#keep(first, traits);
    }
    this.#settle(same);
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

  /** Once it is known which ids are one patient. */
  #settle(same: SamePatients): void {
    const kept = [...this.#details];
    this.#details.clear();
    for (const [patient, traits] of kept) this.#details.set(same.of(patient), traits);
    for (const member of this.#roster.members()) {
      for (const patient of member.patients) this.#belongs(same.of(patient), member.login);
      for (const [patient, traits] of this.#details)
        if (member.traits.some((own) => isSame(own, traits))) this.#belongs(patient, member.login);
    }
  }

  #belongs(patient: string, login: string): void {
    this.#logins.set(patient, (this.#logins.get(patient) ?? new Set()).add(login));
  }
}

const none: ReadonlySet<string> = new Set();

/** By name and date of birth; by the e-mail address alone only where one of the two does not say them: families share it. */
function isSame(own: Traits, patient: Traits): boolean {
  if (own.nameAndBirth !== null && patient.nameAndBirth !== null) return own.nameAndBirth === patient.nameAndBirth;
  return own.email !== null && own.email === patient.email;
}
