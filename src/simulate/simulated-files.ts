// A simulated clinic as files: its record as lines of JSON, which of it is wrong, and the four lists that a clinic would import.
// Everybody in it is made up, so ids stand as they are.

import type { Happening, Wrong } from './happening.ts';
import { plannedShifts } from './planned-shifts.ts';
import type { PlannedShift } from './planned-shifts.ts';
import type { SimulatedClinic } from './simulated-clinic.ts';
import { leavingDays } from './simulated-relations.ts';

export interface SimulatedFile {
  readonly name: string;
  readonly lines: Iterable<string>;
}

export function simulatedFiles(clinic: SimulatedClinic): readonly SimulatedFile[] {
  return [
    { name: 'record.jsonl', lines: lines(clinic.happenings, recordLine) },
    { name: 'labels.jsonl', lines: lines(clinic.wrongs, labelLine) },
    { name: 'appointments.csv', lines: table('patient,time,clinician,department', clinic.appointments, appointmentRow) },
    {
      name: 'staff.csv',
      lines: table(
        'login,name,role,department,patient,address,shift-start,shift-end,notice,end',
        plannedShifts(clinic.people),
        (shift) => shiftRow(shift, clinic),
      ),
    },
    { name: 'demographics.csv', lines: table('patient,name,address', clinic.patients, patientRow) },
    { name: 'confidential.csv', lines: table('patient', clinic.confidential, String) },
  ];
}

function* lines<T>(all: readonly T[], line: (one: T, index: number) => string): Iterable<string> {
  for (const [index, one] of all.entries()) yield line(one, index);
}

function* table<T>(head: string, all: readonly T[], row: (one: T) => string): Iterable<string> {
  yield head;
  for (const one of all) yield row(one);
}

/** The keys of the access record; without hashes, since nobody vouches for it. */
function recordLine({ time, event, person, roles, patient, ...more }: Happening, index: number): string {
  const subject = person === null ? undefined : { issuer: person.issuer, sub: person.sub, name: person.name };
  const said = { ...more, ...(roles === undefined ? {} : { roles: [roles] }), ...(patient && { patient: bare(patient) }) };
  return JSON.stringify({ seq: index + 1, time: new Date(time).toISOString(), event, subject, ...said });
}

function labelLine({ scenario, people, patient, address, from, to }: Wrong): string {
  const between = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  return JSON.stringify({
    scenario,
    ...between,
    people: people.map(({ sub }) => sub),
    patient: patient && bare(patient),
    address,
  });
}

function bare(patient: string): string {
  return patient.slice(1);
}

function appointmentRow({ patient, time, clinician }: SimulatedClinic['appointments'][number]): string {
  return `${patient},${minuteOf(time)},${clinician.name},${clinician.department}`;
}

function shiftRow({ worker, department, from, to }: PlannedShift, { patients, leavers }: SimulatedClinic): string {
  const { noticeDay, endDay } = leavingDays(leavers, worker);
  const house = patients[worker.patient]?.house ?? 0;
  const who = `${worker.name},${worker.sub} ${worker.surname},${worker.role}`;
  return `${who},${department},${worker.patient},Street ${house},${minuteOf(from)},${minuteOf(to)},${noticeDay ?? ''},${endDay ?? ''}`;
}

function patientRow({ number, surname, house }: SimulatedClinic['patients'][number]): string {
  return `${number},Given${number} ${surname},Street ${house}`;
}

/** `2026-06-01 08:30`. */
function minuteOf(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}
