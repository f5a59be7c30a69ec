// Practitioners and their roles as rows of the roster: who has which login name, in which departments and when they work, since when
// they do no more, and by what they can be known as patients.

import { traitsOf } from '../../../core/relations/traits-of.ts';
import type { StaffMember, Traits } from '../../../core/relations/relation-rows.ts';
import { mostRelationRows } from '../relation-limits.ts';
import type { FhirEntry } from './fhir-entries.ts';
import { conceptText, firstText, objectIn, objectsIn, textIn } from './fhir-json.ts';
import type { Json } from './fhir-json.ts';
import { personName, telecom, writtenPerson } from './fhir-person.ts';
import type { FhirNeeds, FhirReader } from './fhir-reader.ts';
import { FhirSlots } from './fhir-slots.ts';
import type { SlotShift } from './fhir-slots.ts';
import { weeklyShifts } from './weekly-shifts.ts';
import type { Shift } from './weekly-shifts.ts';

const noTraits: Traits = { email: null, phone: null, address: null, nameAndBirth: null, surname: null };

type Person = Omit<StaffMember, 'role' | 'department' | 'shift'>;
type Place = Pick<StaffMember, 'role' | 'department'>;
interface Entry extends Person {
  readonly isActive: boolean;
  readonly where: string;
}

interface Role {
  readonly id: string;
  readonly places: readonly Place[];
  readonly shifts: readonly Shift[];
  readonly end: End;
}

/** Its last day; null where it has none, or where it is over and nothing says since when. */
interface End {
  readonly isOver: boolean;
  readonly day: string | null;
}

const mostKept = 2 * mostRelationRows.staff;
/** Of one person. */
const mostRoles = 50;
const mostShifts = 2000;

export function fhirStaff(needs: FhirNeeds): FhirReader {
  const { fhir, hide, today, localOf, row, leave } = needs;
  const people = new Map<string, Entry | null>();
  const roles = new Map<string, { readonly of: readonly Role[]; readonly where: string }>();
  const slots = new FhirSlots(needs);
  const takePerson = ({ resource, id, where }: FhirEntry): void => {
    const login = loginOf(resource, fhir.login);
    const name = personName(resource);
    const isActive = resource['active'] !== false;
    people.set(id, null);
    if (login === '') return leave(`no login name: ${wanted(fhir.login)}`, where);
    if (name === '') return leave('the name is empty', where);
    // Whoever has left is watched for, and is nobody's colleague any more.
    const traits = isActive ? traitsOf(writtenPerson(resource), hide) : noTraits;
    const endDay = isActive ? null : changedOn(resource, localOf);
    people.set(id, { login, name, isActive, where, patient: null, noticeDay: null, endDay, ...traits });
  };
  const takeRole = ({ resource, id, where, refersTo }: FhirEntry): void => {
    const practitioner = refersTo(objectIn(resource, 'practitioner'))?.id ?? '';
    if (practitioner === '') return leave('the role names no Practitioner by reference', where);
    const before = roles.get(practitioner)?.of ?? [];
    const { shifts, unread } = weeklyShifts(resource, today, localOf);
    if (unread > 0) leave('an availableTime of the role has no days and times of a week, or is one too many', where);
    const role = { id, places: rolesOf(resource), shifts, end: endOf(resource, needs, where) };
    roles.set(practitioner, { of: [...before, role].slice(0, mostRoles), where });
  };
  const take = (entry: FhirEntry): void => {
    const type = textIn(entry.resource, 'resourceType');
    if (type === 'Schedule') return slots.takeSchedule(entry);
    if (type === 'Slot') return slots.takeSlot(entry);
    if (people.size + roles.size > mostKept) return leave('too many people', entry.where);
    return type === 'Practitioner' ? takePerson(entry) : takeRole(entry);
  };
  const end = (): void => {
    const shiftsOf = slots.shifts();
    let written = 0;
    for (const [id, person] of people) {
      if (person === null || written > mostRelationRows.staff) continue;
      const all = roles.get(id)?.of ?? [];
      for (const one of rowsOf(id, person, all, shiftsOf, leave)) {
        row(one);
        written += 1;
      }
    }
    for (const [practitioner, { where }] of roles)
      if (!people.has(practitioner)) leave('the Practitioner of the role is not in the file', where);
  };
  return { main: ['Practitioner'], also: ['PractitionerRole', 'Schedule', 'Slot'], take, end };
}

/** Departments first, then shifts; of whoever has left one row that says since when, where that is known. */
function rowsOf(
  id: string,
  { isActive, where, ...person }: Entry,
  all: readonly Role[],
  shiftsOf: ReadonlyMap<string, readonly SlotShift[]>,
  leave: FhirNeeds['leave'],
): readonly StaffMember[] {
  const current = all.filter(({ end }) => !end.isOver);
  const endDay = lastDay(all) ?? person.endDay;
  if (!isActive) {
    if (endDay === null) leave('it is not active, and neither meta.lastUpdated nor the period of a role says since when', where);
    return endDay === null ? [] : [{ ...person, endDay, role: null, department: null, shift: null }];
  }
  const whole = { ...person, endDay };
  const none = { role: null, department: null };
  const places = current.flatMap((one) => one.places);
  const weekly = current.flatMap((one) => one.shifts.map((shift) => ({ ...none, role: one.places[0]?.role ?? null, shift })));
  const keys = [`Practitioner/${id}`, ...current.map((one) => `PractitionerRole/${one.id}`)];
  const booked = keys.flatMap((key) => (shiftsOf.get(key) ?? []).map((one) => ({ ...none, ...one })));
  return [
    ...(places.length === 0 ? [none] : places).map((place) => ({ ...whole, ...place, shift: null })),
    ...[...weekly, ...booked].slice(0, mostShifts).map((shift) => ({ ...whole, ...shift })),
  ];
}

/** Of all roles together: null while one of them has no end, or nothing says when one was over. */
function lastDay(all: readonly Role[]): string | null {
  const days = all.map(({ end }) => end.day).filter((day) => day !== null);
  return days.length < all.length ? null : (days.toSorted().at(-1) ?? null);
}

/** By its period; one that is not active any more ended on the day on which it was changed last, or before. */
function endOf(role: Json, { localOf, leave }: FhirNeeds, where: string): End {
  const written = textIn(objectIn(role, 'period'), 'end');
  const day = written === '' ? null : (localOf(written)?.day ?? null);
  if (written !== '' && day === null) leave('the end of the period of the role cannot be read', where);
  if (role['active'] !== false) return { isOver: false, day };
  leave('the role is not active', where);
  return { isOver: true, day: day ?? changedOn(role, localOf) };
}

function changedOn(resource: Json, localOf: FhirNeeds['localOf']): string | null {
  return localOf(textIn(objectIn(resource, 'meta'), 'lastUpdated'))?.day ?? null;
}

/** One for each department. */
function rolesOf(resource: Json): readonly Place[] {
  const role = firstText(...objectsIn(resource, 'code').map(conceptText)) || null;
  const places = [
    ...objectsIn(resource, 'location'),
    ...objectsIn(resource, 'healthcareService'),
    objectIn(resource, 'organization'),
  ];
  const named = [...objectsIn(resource, 'specialty').map(conceptText), ...places.map((one) => textIn(one, 'display'))];
  const departments = [...new Set(named.filter((text) => text !== ''))];
  return (departments.length === 0 ? [null] : departments).map((department) => ({ role, department }));
}

/** An identifier of the system that alerts.yaml names; where it names none, what stands before the "@" of the mail at work. */
function loginOf(resource: Json, system: string | null): string {
  if (system === null) return (telecom(resource, 'email', 'work').split('@', 1)[0] ?? '').toLowerCase();
  const found = objectsIn(resource, 'identifier').find((one) => textIn(one, 'system') === system);
  return found === undefined ? '' : textIn(found, 'value').toLowerCase();
}

function wanted(system: string | null): string {
  if (system !== null) return 'no identifier of the system that alerts.yaml names in relations.fhir.login';
  return 'no e-mail address; name the system of its identifier in alerts.yaml: relations: { fhir: { login: SYSTEM } }';
}
