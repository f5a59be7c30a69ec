// The code systems of an AuditEvent, and codings out of them. Fields that say nothing are left out, as FHIR wants it.

import { dicomNames } from '../message/event-meaning.ts';
import type { DicomCode } from '../message/event-meaning.ts';
import { soundText } from '../message/sound-text.ts';

export type FhirObject = Readonly<Record<string, unknown>>;

export const systems = {
  dicom: 'http://dicom.nema.org/resources/ontology/DCM',
  eventType: 'http://terminology.hl7.org/CodeSystem/audit-event-type',
  interaction: 'http://hl7.org/fhir/restful-interaction',
  participation: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType',
  securityRole: 'http://terminology.hl7.org/CodeSystem/extra-security-role-type',
  provenance: 'http://terminology.hl7.org/CodeSystem/provenance-participant-type',
  entityType: 'http://terminology.hl7.org/CodeSystem/audit-entity-type',
  lifecycle: 'http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle',
  objectRole: 'http://terminology.hl7.org/CodeSystem/object-role',
  sourceType: 'http://terminology.hl7.org/CodeSystem/security-source-type',
  purpose: 'http://terminology.hl7.org/CodeSystem/v3-ActReason',
  balpEntity: 'https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType',
} as const;

export function coding(system: string, code: string, display: string | null = null): FhirObject {
  return said({ system, code, display });
}

export function dicomCoding(code: DicomCode): FhirObject {
  return coding(systems.dicom, code, dicomNames[code]);
}

/** Without what is null, empty text or an empty list: FHIR knows none of them. */
export function said(fields: FhirObject): FhirObject {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => {
      const sound = typeof value === 'string' ? soundText(value) : value;
      return sound === null || (Array.isArray(sound) && sound.length === 0) ? [] : [[key, sound]];
    }),
  );
}
