// What stands in OpenMRS's charts: the demo's made-up patients under UUIDs, and what belongs to them. The same at every start.

import { createHash } from 'node:crypto';
import { documentsOf, vitalsOf } from '../ehr/charts.ts';
import { pngPicture } from '../ehr/files/png-file.ts';
import { patients } from '../ehr/patients.ts';
import type { Patient } from '../ehr/patients.ts';

/** What belongs to a patient and has an address of its own, in which the patient does not stand. */
export const kinds = ['visit', 'encounter', 'obs', 'order', 'attachment'] as const;

export type Kind = (typeof kinds)[number];

export interface PatientRecord {
  readonly uuid: string;
  readonly kind: Kind;
  readonly display: string;
  readonly patient: Patient;
}

export const locations = ['Inpatient Ward', 'Outpatient Clinic', 'Registration Desk'].map((name) => ({
  uuid: uuidOf(`location ${name}`),
  display: name,
}));

/** A UUID that is always the same for the same text. */
export function uuidOf(text: string): string {
  const digest = createHash('sha256').update(text).digest('hex');
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `4${digest.slice(13, 16)}`,
    `8${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-');
}

export function patientUuid(pid: number): string {
  return uuidOf(`patient ${pid}`);
}

const byUuid = new Map(patients.map((one) => [patientUuid(one.pid), one]));

/** By UUID; the old pages take the number as well. */
export function patientOf(text: string | null | undefined, orNumber = false): Patient | null {
  if (text === null || text === undefined) return null;
  const found = byUuid.get(text);
  if (found !== undefined || !orNumber) return found ?? null;
  return patients.find((one) => String(one.pid) === text) ?? null;
}

const records: readonly PatientRecord[] = patients.flatMap((patient) =>
  titlesOf(patient.pid).map(([kind, display]) => ({ uuid: uuidOf(`${kind} ${patient.pid} ${display}`), kind, display, patient })),
);

export function recordsOf(kind: Kind, patient: Patient): readonly PatientRecord[] {
  return records.filter((one) => one.kind === kind && one.patient === patient);
}

export function recordOf(kind: Kind, uuid: string): PatientRecord | null {
  return records.find((one) => one.kind === kind && one.uuid === uuid) ?? null;
}

/** The bytes of an attachment: a picture. */
export function attachmentBytes(record: PatientRecord): Buffer {
  return pngPicture(record.patient.pid, 1);
}

function titlesOf(pid: number): readonly (readonly [Kind, string])[] {
  const visits = vitalsOf(pid);
  return [
    ['visit', 'Facility Visit'],
    ...visits.flatMap((one) => [
      ['encounter', `Vitals ${one.date}`] as const,
      ['obs', `Pulse: ${one.pulse} on ${one.date}`] as const,
    ]),
    ['order', 'Aspirin 81mg'],
    ...documentsOf(pid).map((one) => ['attachment', one.title] as const),
  ];
}
