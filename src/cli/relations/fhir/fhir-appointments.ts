// Appointments and Encounters as rows of the schedule: one for each practitioner, and of a stay one for each day.

import { daysBetween } from '../../../core/relations/wall-time.ts';
import type { Appointment } from '../../../core/relations/relation-rows.ts';
import { mostRelationRows } from '../relation-limits.ts';
import type { FhirEntry, Reference } from './fhir-entries.ts';
import { conceptText, firstText, objectIn, objectsIn, textIn } from './fhir-json.ts';
import type { Json } from './fhir-json.ts';
import { isPatientId, personName } from './fhir-person.ts';
import type { FhirNeeds, FhirReader } from './fhir-reader.ts';

/** Nobody came, or nobody was to come. */
const notHeld: ReadonlySet<string> = new Set(['cancelled', 'noshow', 'entered-in-error', 'proposed', 'waitlist']);
/** Days of one stay that get a row of their own. */
const mostDays = 60;
const dayMilliseconds = 86_400_000;

interface Actor {
  readonly reference: Reference | null;
  readonly display: string;
  readonly identifiers: readonly Json[];
}

/** With what was named by a reference alone. */
type Waiting = Appointment & { readonly practitioner: string };

export function fhirAppointments({ fhir, localOf, tokenOf, row, leave }: FhirNeeds): FhirReader {
  const names = new Map<string, string>();
  const waiting: { readonly one: Waiting; readonly where: string }[] = [];
  const take = (entry: FhirEntry): void => {
    const { resource, id, where } = entry;
    if (textIn(resource, 'resourceType') === 'Practitioner') {
      names.set(id, personName(resource));
      return;
    }
    const status = textIn(resource, 'status');
    if (notHeld.has(status)) return leave(`the status is ${status}`, where);
    const actors = actorsOf(entry);
    const patient = patientOf(actors, fhir.patient);
    const times = timesOf(resource).map(localOf);
    const [start] = times;
    if (patient === '') return leave('no patient is named by reference or identifier', where);
    if (start === undefined || start === null) return leave('no start can be read', where);
    const department = departmentOf(resource, actors);
    const days = daysOf(start, times[1] ?? null);
    const people = actors.filter(({ reference }) => reference?.type.startsWith('Practitioner') === true);
    for (const person of people.length === 0 ? [null] : people)
      for (const { day, minute } of days) {
        const one = { patient: tokenOf(patient), day, minute, clinician: person?.display || null, department };
        if (person === null || person.display !== '') row(one);
        else if (waiting.length <= mostRelationRows.appointments)
          waiting.push({ one: { ...one, practitioner: person.reference?.id ?? '' }, where });
      }
  };
  const end = (): void => {
    for (const { one, where } of waiting) {
      const { practitioner, ...appointment } = one;
      const clinician = names.get(practitioner) || null;
      if (clinician === null && appointment.department === null)
        leave('who is seen is a reference without a name; put the Practitioner resources into the same file', where);
      else row({ ...appointment, clinician });
    }
  };
  return { main: ['Appointment', 'Encounter'], also: ['Practitioner'], take, end };
}

/** Whoever and whatever takes part, of an Appointment or an Encounter. */
function actorsOf({ resource, refersTo }: FhirEntry): readonly Actor[] {
  const given = [
    ...objectsIn(resource, 'participant').flatMap((one) => [objectIn(one, 'actor'), objectIn(one, 'individual')]),
    objectIn(resource, 'subject'),
    ...objectsIn(resource, 'location').map((one) => objectIn(one, 'location')),
    objectIn(resource, 'serviceProvider'),
  ];
  return given.map((one) => {
    const type = textIn(one, 'type');
    const reference = refersTo(one) ?? (type === '' ? null : { type, id: '' });
    return { reference, display: textIn(one, 'display'), identifiers: objectsIn(one, 'identifier') };
  });
}

/** By an identifier of the systems named, else by the reference, else by any identifier. Empty where there is none. */
function patientOf(actors: readonly Actor[], systems: readonly string[]): string {
  const patients = actors.filter(({ reference }) => reference?.type === 'Patient');
  const all = patients.flatMap(({ identifiers }) => identifiers);
  const named = all.find((one) => systems.includes(textIn(one, 'system')));
  const ids = [named === undefined ? '' : textIn(named, 'value'), ...patients.map(({ reference }) => reference?.id ?? '')];
  return firstText(...[...ids, ...all.map((one) => textIn(one, 'value'))].filter((id) => isPatientId(id)));
}

function timesOf(resource: Json): readonly string[] {
  const period = objectIn(resource, 'period');
  const start = firstText(textIn(resource, 'start'), textIn(period, 'start'));
  return [start, firstText(textIn(resource, 'end'), textIn(period, 'end'))];
}

function departmentOf(resource: Json, actors: readonly Actor[]): string | null {
  const service = objectsIn(resource, 'serviceType').map(conceptText);
  const places = ['Location', 'HealthcareService', 'Organization'].flatMap((type) =>
    actors.filter(({ reference }) => reference?.type === type).map(({ display }) => display),
  );
  return firstText(...service, ...places) || null;
}

/** The day of the start, and of a stay the days behind it, of which no time is known. */
function daysOf(start: { readonly day: string; readonly minute: number | null }, end: { readonly day: string } | null) {
  const more = end === null ? 0 : Math.min(mostDays, Math.max(0, daysBetween(start.day, end.day)));
  const later = Array.from({ length: more }, (_, at) => {
    const day = new Date(Date.parse(start.day) + (at + 1) * dayMilliseconds).toISOString().slice(0, 10);
    return { day, minute: null };
  });
  return [start, ...later];
}
