// Reads FHIR R4 resources as rows of one kind. What is broken is a mistake and nothing is imported; what is sound and of no use
// is left aside, counted by its reason and told.

import type { Findings } from '../../../config/mistake.ts';
import type { RelationKind } from '../../../core/relations/relation-rows.ts';
import { mostRelationRows } from '../relation-limits.ts';
import type { RelationRow } from '../relation-row.ts';
import { fhirAppointments } from './fhir-appointments.ts';
import type { FhirEntry, FhirProblem } from './fhir-entries.ts';
import { textIn } from './fhir-json.ts';
import { fhirConfidential, fhirDemographics } from './fhir-patients.ts';
import type { FhirNeeds, FhirReader } from './fhir-reader.ts';
import { fhirStaff } from './fhir-staff.ts';
import { LeftAside } from './left-aside.ts';

const readers: Readonly<Record<RelationKind, (needs: FhirNeeds) => FhirReader>> = {
  appointments: fhirAppointments,
  staff: fhirStaff,
  demographics: fhirDemographics,
  confidential: fhirConfidential,
};
const typeForm = /^[A-Z][A-Za-z]{1,63}$/;

export interface FhirFile extends Pick<FhirNeeds, 'fhir' | 'localOf' | 'today' | 'tokenOf' | 'hide'> {
  readonly kind: RelationKind;
  /** As it is shown in messages. */
  readonly file: string;
  readonly findings: Findings;
}

export interface ReadFhir {
  readonly rows: readonly RelationRow[];
  /** Sentences without their full stop. */
  readonly leftAside: readonly string[];
}

export function readFhir(given: FhirFile, entries: Iterable<FhirEntry | FhirProblem>): ReadFhir {
  const { kind, file, findings } = given;
  const rows: RelationRow[] = [];
  const aside = new LeftAside();
  const reader = readers[kind]({ ...given, row: (row) => rows.push(row), leave: (why, where) => aside.leave(why, where) });
  let found = 0;
  for (const entry of entries) {
    if ('why' in entry) findings.mistake(file, entry.place, entry.why);
    else {
      const type = textIn(entry.resource, 'resourceType');
      if (reader.main.includes(type)) found += 1;
      if (reader.main.includes(type) || reader.also.includes(type)) reader.take(entry);
      else aside.leave(`${typeForm.test(type) ? type : 'a type of no FHIR'} says nothing of ${kind}`, entry.where);
    }
    if (findings.full || rows.length > mostRelationRows[kind]) break;
  }
  if (!findings.full) reader.end();
  const start = { line: 1, column: 1 };
  if (rows.length > mostRelationRows[kind])
    findings.mistake(file, start, `The file has more than ${mostRelationRows[kind]} rows; export a shorter time`);
  if (findings.mistakes.length === 0 && (found === 0 || (rows.length === 0 && kind !== 'confidential')))
    findings.mistake(file, start, nothingOf(reader.main, aside.told()));
  return { rows, leftAside: aside.told() };
}

function nothingOf(main: readonly string[], told: readonly string[]): string {
  const types = main.join(' or ');
  const why = told.length === 0 ? '' : `: ${told.slice(0, 3).join('; ')}`;
  return `The file holds no ${types} that can be used${why}. Export ${types} as FHIR R4, or name another kind`;
}
