// Sixty made-up patients, the same at every start. Their names are invented so that nobody can take them for real people,
// and their telephone numbers lie in the range that is reserved for fiction (555-0100 to 555-0199).

/** `pid` counts from 1; `mrn` is what is printed on paper. `born` is an ISO date. */
export interface Patient {
  readonly pid: number;
  readonly mrn: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly born: string;
  readonly sex: 'F' | 'M';
  readonly street: string;
  readonly city: string;
  readonly phone: string;
  readonly insurer: string;
}

const PATIENT_COUNT = 60;

const womensNames = ['Ada', 'Bea', 'Cora', 'Dora', 'Elsa', 'Flora', 'Gwen', 'Hilda', 'Iris', 'Juno'];
const mensNames = ['Abel', 'Bruno', 'Cyril', 'Dario', 'Egon', 'Fritz', 'Gus', 'Hugo', 'Igor', 'Jasper'];
const familyStarts = ['Test', 'Sample', 'Demo', 'Mock', 'Fiction', 'Place', 'Example', 'Dummy', 'Pretend', 'Imagin'];
const familyEnds = ['well', 'worth', 'holder', 'field', 'stone', 'bury'];
const streets = ['Pretend Lane', 'Example Road', 'Nowhere Street', 'Fiction Avenue', 'Placeholder Way'];
const towns = ['Meadowbrook', 'Upper Sample', 'Mockford', 'Lorem Falls'];
const insurers = ['Evergreen Mutual', 'Harbor Health Plan', 'State Care', 'Self pay'];

export const patients: readonly Patient[] = Array.from({ length: PATIENT_COUNT }, (_, index) => invent(index + 1));

/** The patient with this number, or null. */
export function findPatient(pid: number): Patient | null {
  return patients[pid - 1] ?? null;
}

/** Family name first, as lists print it. */
export function listName(patient: Patient): string {
  return `${patient.familyName}, ${patient.givenName}`;
}

/** Those whose name or record number holds the text, whatever its case; all of them for an empty one. */
export function searchPatients(text: string): readonly Patient[] {
  const wanted = text.trim().toLowerCase();
  return patients.filter((one) => `${listName(one)} ${one.givenName} ${one.mrn}`.toLowerCase().includes(wanted));
}

function invent(pid: number): Patient {
  const sex = pid % 2 === 0 ? 'M' : 'F';
  const start = pick(familyStarts, pid - 1);
  return {
    pid,
    mrn: `MB-${10_000 + pid * 37}`,
    givenName: pick(sex === 'F' ? womensNames : mensNames, pid * 3 + Math.floor(pid / 10)),
    familyName: start + pick(familyEnds, Math.floor((pid - 1) / familyStarts.length) + pid),
    born: `${1931 + ((pid * 17) % 84)}-${twoDigits(1 + ((pid * 5) % 12))}-${twoDigits(1 + ((pid * 11) % 28))}`,
    sex,
    street: `${10 + pid * 3} ${pick(streets, pid)}`,
    city: pick(towns, pid * 7),
    phone: `(555) 555-01${twoDigits(pid)}`,
    insurer: pick(insurers, pid * 5),
  };
}

function pick(list: readonly string[], index: number): string {
  return list[index % list.length] ?? '';
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
