// Practitioners and their roles as rows of the roster: who has which login name, in which departments they work, and by what they
// can be known as patients.

import { traitsOf } from '../../../core/relations/traits-of.ts';
import type { StaffMember } from '../../../core/relations/relation-rows.ts';
import { mostRelationRows } from '../relation-limits.ts';
import type { FhirEntry } from './fhir-entries.ts';
import { conceptText, firstText, objectIn, objectsIn, textIn } from './fhir-json.ts';
import type { Json } from './fhir-json.ts';
import { personName, telecom, writtenPerson } from './fhir-person.ts';
import type { FhirNeeds, FhirReader } from './fhir-reader.ts';

interface Role {
  readonly role: string | null;
  readonly department: string | null;
}

const mostKept = 2 * mostRelationRows.staff;
/** Of one person. */
const mostRoles = 50;

export function fhirStaff({ fhir, hide, row, leave }: FhirNeeds): FhirReader {
  const people = new Map<string, Omit<StaffMember, keyof Role> | null>();
  const roles = new Map<string, { readonly of: readonly Role[]; readonly where: string }>();
  const takePerson = ({ resource, id, where }: FhirEntry): void => {
    const login = loginOf(resource, fhir.login);
    const name = personName(resource);
    people.set(id, null);
    if (login === '') return leave(`no login name: ${wanted(fhir.login)}`, where);
    if (name === '') return leave('the name is empty', where);
    const traits = traitsOf(writtenPerson(resource), hide);
    people.set(id, { login, name, patient: null, shift: null, noticeDay: null, endDay: null, ...traits });
  };
  const take = (entry: FhirEntry): void => {
    const { resource, where, refersTo } = entry;
    if (resource['active'] === false) return leave('it is not active', where);
    if (people.size + roles.size > mostKept) return leave('too many people', where);
    if (textIn(resource, 'resourceType') === 'Practitioner') return takePerson(entry);
    const practitioner = refersTo(objectIn(resource, 'practitioner'))?.id ?? '';
    if (practitioner === '') return leave('the role names no Practitioner by reference', where);
    const before = roles.get(practitioner)?.of ?? [];
    roles.set(practitioner, { of: [...before, ...rolesOf(resource)].slice(0, mostRoles), where });
  };
  const end = (): void => {
    for (const [id, person] of people)
      if (person !== null)
        for (const role of roles.get(id)?.of ?? [{ role: null, department: null }]) row({ ...person, ...role });
    for (const [practitioner, { where }] of roles)
      if (!people.has(practitioner)) leave('the Practitioner of the role is not in the file', where);
  };
  return { main: ['Practitioner'], also: ['PractitionerRole'], take, end };
}

/** One for each department. */
function rolesOf(resource: Json): readonly Role[] {
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
