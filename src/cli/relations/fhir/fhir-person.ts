// What a Patient or a Practitioner says of a person, in our words: name, birth, home, telephone, mail and identifiers.

import { readBirthDate } from '../../../core/patients/birth-date.ts';
import type { WrittenTraits } from '../../../core/relations/traits-of.ts';
import { firstText, objectIn, objectsIn, textIn } from './fhir-json.ts';
import type { Json } from './fhir-json.ts';

/** Kinds of identifiers that are a patient's own here: record number, internal, and one that says no kind. Others may be shared. */
const ownKinds: ReadonlySet<string> = new Set(['MR', 'PI', 'PT']);
const formerUse: ReadonlySet<string> = new Set(['old', 'temp']);

/** Ids of a patient: that of the resource, and identifiers of the systems named, or of kinds that are nobody else's. */
export function patientIds(patient: Json, id: string, systems: readonly string[]): readonly string[] {
  const own = objectsIn(patient, 'identifier')
    .filter((one) => (systems.length > 0 ? systems.includes(textIn(one, 'system')) : isOwn(one)))
    .map((one) => textIn(one, 'value'));
  return [...new Set([id, ...own])].filter((one) => isPatientId(one));
}

/** What begins with "~" is only ever written by the record for an id. */
export function isPatientId(id: string): boolean {
  return id !== '' && !id.startsWith('~');
}

function isOwn(identifier: Json): boolean {
  if (textIn(identifier, 'use') === 'temp') return false;
  const kinds = objectsIn(objectIn(identifier, 'type'), 'coding').map((one) => textIn(one, 'code'));
  return kinds.length === 0 || kinds.some((kind) => ownKinds.has(kind));
}

export function personName(person: Json): string {
  const name = usualName(person);
  return firstText(textIn(name, 'text'), `${given(name)} ${textIn(name, 'family')}`.trim());
}

export function writtenPerson(person: Json): WrittenTraits {
  const name = usualName(person);
  const family = textIn(name, 'family');
  const birth = readBirthDate(textIn(person, 'birthDate'));
  const home = preferred(objectsIn(person, 'address'), 'home');
  const lines = Array.isArray(home['line']) ? home['line'].filter((line) => typeof line === 'string').slice(0, 4) : [];
  return {
    // Title and suffix of `text` would make another name of it.
    name: firstText(`${given(name)} ${family}`.trim(), textIn(name, 'text')),
    family,
    // Of a year or a month alone nothing can be told.
    birthDate: 'date' in birth ? birth.date : null,
    address: [...lines, textIn(home, 'city'), textIn(home, 'postalCode')].join(' '),
    phone: telecom(person, 'phone', 'home'),
    email: telecom(person, 'email', 'home'),
  };
}

/** Of the use that is wanted, else any that is not former. */
export function telecom(person: Json, system: string, use: string): string {
  return textIn(
    preferred(
      objectsIn(person, 'telecom').filter((one) => textIn(one, 'system') === system),
      use,
    ),
    'value',
  );
}

function usualName(person: Json): Json {
  const names = objectsIn(person, 'name');
  return names.find((one) => textIn(one, 'use') === 'official') ?? preferred(names, 'usual');
}

function preferred(all: readonly Json[], use: string): Json {
  return all.find((one) => textIn(one, 'use') === use) ?? all.find((one) => !formerUse.has(textIn(one, 'use'))) ?? {};
}

function given(name: Json): string {
  const parts = name['given'];
  return Array.isArray(parts)
    ? parts
        .filter((part) => typeof part === 'string')
        .slice(0, 4)
        .join(' ')
        .trim()
    : '';
}
