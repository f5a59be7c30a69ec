// The roster, asked: who works here, where and when, and whom a schedule means by a name.

import { nameParts } from '../patients/name-parts.ts';
import { traitNames } from './relation-rows.ts';
import type { StaffMember, Traits } from './relation-rows.ts';
import { writeWallTime } from './wall-time.ts';

export interface Member {
  readonly login: string;
  readonly name: string;
  readonly departments: Set<string>;
  /** In which weeks they have shifts in which department. */
  readonly weeks: Map<string, Set<number>>;
  readonly shifts: { readonly from: string; readonly to: string; readonly department: string | null }[];
  /** Their own charts, where the roster names them. */
  readonly patients: Set<string>;
  readonly traits: Traits[];
  noticeDay: string | null;
  endDay: string | null;
}

/** What stands before and behind names and is none. */
const titles = new Set(['dr', 'md', 'do', 'rn', 'np', 'pa', 'mr', 'ms', 'mrs', 'prof']);

export class Roster {
  readonly #members = new Map<string, Member>();
  readonly #named = new Map<string, Set<string>>();
  readonly #asked = new Map<string, ReadonlySet<string>>();

  add(row: StaffMember): void {
    const login = row.login.toLowerCase();
    const member = this.#members.get(login) ?? fresh(login, row.name);
    this.#members.set(login, member);
    if (row.shift !== null) addShift(member, row.shift, row.department);
    else if (row.department !== null) member.departments.add(row.department);
    if (row.patient !== null) member.patients.add(row.patient);
    addTraits(member, row);
    member.noticeDay ??= row.noticeDay;
    member.endDay ??= row.endDay;
    const named = this.#named.get(nameKey(row.name)) ?? new Set();
    this.#named.set(nameKey(row.name), named.add(login));
  }

  member(login: string): Member | undefined {
    return this.#members.get(login.toLowerCase());
  }

  /** False where the roster has no shifts. */
  isOnShift(login: string, day: string, minute: number): boolean {
    const now = writeWallTime(day, minute);
    return this.member(login)?.shifts.some(({ from, to }) => from <= now && now < to) === true;
  }

  /** To which they belong, or have a shift in that week or one beside it: a roster of shifts alone says no more. */
  departmentsAt(member: Member, day: string): ReadonlySet<string> {
    const week = weekOf(day);
    const worked = [...member.weeks].filter(([, weeks]) => [week - 1, week, week + 1].some((one) => weeks.has(one)));
    return new Set([...member.departments, ...worked.map(([department]) => department)]);
  }

  members(): Iterable<Member> {
    return this.#members.values();
  }

  /** Logins of those whom a schedule means; one that the roster does not have may be a login name as it is. */
  meant(clinician: string): ReadonlySet<string> {
    const known = this.#asked.get(clinician);
    if (known !== undefined) return known;
    const login = clinician.trim().toLowerCase();
    const found = this.#members.has(login) ? null : this.#named.get(nameKey(clinician));
    const meant = found ?? new Set([login]);
    this.#asked.set(clinician, meant);
    return meant;
  }
}

function addShift(member: Member, shift: NonNullable<StaffMember['shift']>, department: string | null): void {
  member.shifts.push({ ...shift, department });
  if (department === null) return;
  const weeks = member.weeks.get(department) ?? new Set();
  member.weeks.set(department, weeks.add(weekOf(shift.from.slice(0, 10))));
}

/** Each of somebody's shifts says the same of them again. */
function addTraits({ traits }: Member, { email, phone, address, nameAndBirth, surname }: StaffMember): void {
  const own = { email, phone, address, nameAndBirth, surname };
  if (!traits.some((one) => traitNames.every((name) => one[name] === own[name]))) traits.push(own);
}

function weekOf(day: string): number {
  return Math.floor(Date.parse(day) / (7 * 86_400_000));
}

function fresh(login: string, name: string): Member {
  const sets = { departments: new Set<string>(), patients: new Set<string>() };
  return { login, name, ...sets, weeks: new Map(), shifts: [], traits: [], noticeDay: null, endDay: null };
}

function nameKey(name: string): string {
  const parts = nameParts(name).filter((part) => !titles.has(part));
  return parts.toSorted().join(' ');
}
