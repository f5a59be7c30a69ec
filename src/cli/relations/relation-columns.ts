// Which column of an export is which, by the names that schedules and rosters usually give them, or by alerts.yaml.

import { listed } from '../../config/did-you-mean.ts';
import type { RelationKind } from '../../core/relations/relation-rows.ts';
import { plainText } from '../plain-text.ts';
import type { CsvField } from '../read-csv.ts';

/** Our word → how exports call it, compared without case, spaces, `_`, `-` and `.`. */
const patient = {
  patient: ['patient', 'patientid', 'patientnumber', 'patientno', 'chart', 'chartnumber'],
  pid: ['pid'],
  mrn: ['mrn', 'medicalrecordnumber'],
  uuid: ['uuid'],
};
const department = ['department', 'dept', 'clinic', 'location', 'ward', 'unit', 'service'];
const traits = {
  family: ['family', 'familyname', 'surname', 'lastname'],
  given: ['given', 'givenname', 'firstname'],
  'birth-date': ['birthdate', 'dateofbirth', 'dob', 'born', 'birthday'],
  address: ['address', 'street', 'streetaddress', 'address1', 'addressline1', 'homeaddress'],
  city: ['city', 'town'],
  postcode: ['postcode', 'zip', 'zipcode', 'postalcode'],
  phone: ['phone', 'telephone', 'phonenumber', 'mobile', 'tel'],
  email: ['email', 'emailaddress', 'mail'],
};

export const relationColumns = {
  appointments: {
    ...patient,
    time: ['time', 'start', 'starttime', 'appointmenttime', 'datetime', 'appointment', 'begin'],
    date: ['date', 'day', 'appointmentdate', 'startdate', 'visitdate', 'encounterdate'],
    clinician: ['clinician', 'provider', 'doctor', 'practitioner', 'physician', 'with', 'resource'],
    department,
  },
  staff: {
    login: ['login', 'loginname', 'username', 'user', 'account'],
    name: ['name', 'fullname', 'displayname', 'employee', 'employeename'],
    role: ['role', 'title', 'jobtitle', 'position', 'job'],
    department,
    patient: ['patient', 'ownpatient', 'ownmrn', 'mrn', 'ownchart'],
    'shift-start': ['shiftstart', 'shiftfrom', 'from'],
    'shift-end': ['shiftend', 'shiftto', 'to', 'until'],
    notice: ['notice', 'noticedate', 'resignationdate', 'noticegiven'],
    end: ['end', 'enddate', 'employmentend', 'lastday', 'terminationdate', 'termdate'],
    ...traits,
  },
  demographics: { ...patient, name: ['name', 'fullname', 'patientname'], ...traits },
  confidential: patient,
} as const satisfies Record<RelationKind, Record<string, readonly string[]>>;

/** What alerts.yaml says: our word → the column of the file. */
export type NamedColumns = Readonly<Record<string, string>>;

export type FoundColumns =
  { readonly places: ReadonlyMap<string, number>; readonly count: number } | { readonly field: CsvField; readonly why: string };

export function foundColumns(kind: RelationKind, header: readonly CsvField[], named: NamedColumns): FoundColumns {
  const [first] = header;
  if (first === undefined) throw new Error('A header is a row, and a row has a field');
  const names = header.map(({ text }) => plain(text));
  const twice = header.find((_field, at) => names[at] !== '' && names.indexOf(names[at] ?? '') < at);
  if (twice !== undefined) return { field: twice, why: `Column "${plainText(twice.text, 100)}" is there twice` };
  const places = new Map<string, number>();
  for (const [word, usual] of Object.entries<readonly string[]>(relationColumns[kind])) {
    const given = named[word];
    const at = names.findIndex((name) => (given === undefined ? usual.includes(name) : name === plain(given)));
    if (at !== -1 && !(given === undefined && takenBy(named, names[at]))) places.set(word, at);
    else if (given !== undefined) {
      const why = `There is no column "${plainText(given, 100)}", which alerts.yaml names for ${word}; there is ${there(header)}`;
      return { field: first, why };
    }
  }
  const missing = missingOf(kind, places);
  if (missing === null) return { places, count: header.length };
  const fix = `name it in alerts.yaml: relations: { columns: { ${kind}: { ${missing.word}: COLUMN } } }`;
  return { field: first, why: `No column is ${missing.what}; there is ${there(header)}. Give it a usual name, or ${fix}` };
}

function missingOf(kind: RelationKind, places: ReadonlyMap<string, number>): { what: string; word: string } | null {
  const has = (...words: string[]): boolean => words.some((word) => places.has(word));
  if (kind === 'staff') {
    if (!has('login')) return { what: 'the login name', word: 'login' };
    return has('name', 'family') ? null : { what: 'the name', word: 'name' };
  }
  if (!has('patient', 'pid', 'mrn', 'uuid')) return { what: 'the patient (patient, pid, mrn or uuid)', word: 'patient' };
  if (kind === 'appointments' && !has('time', 'date')) return { what: 'the time', word: 'time' };
  return null;
}

function takenBy(named: NamedColumns, name: string | undefined): boolean {
  return Object.values(named).some((column) => plain(column) === name);
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[\s_.-]/g, '');
}

function there(header: readonly CsvField[]): string {
  return listed(header.map(({ text }) => plainText(text, 60)).slice(0, 20), 'and'); // prettier-ignore
}
