// One line of an export as a row of its kind, or what is wrong with it. No message holds a name, an id or a date of birth.

import { readBirthDate } from '../../core/patients/birth-date.ts';
import type { Appointment, ConfidentialPatient, PatientDetails, StaffMember } from '../../core/relations/relation-rows.ts';
import type { RelationKind } from '../../core/relations/relation-rows.ts';
import { traitsOf } from '../../core/relations/traits-of.ts';
import { readClock, readWallTime, writeWallTime } from '../../core/relations/wall-time.ts';

export type RelationRow = Appointment | StaffMember | PatientDetails | ConfidentialPatient;

/** One line, by our words for its columns. */
export interface RelationLine {
  /** Trimmed; empty where it says nothing or there is no such column. */
  readonly get: (word: string) => string;
  readonly mistake: (word: string, why: string) => void;
  readonly tokenOf: (id: string) => string;
  readonly hide: (what: string, text: string) => string;
}

const longestText = 200;
const ids = ['patient', 'pid', 'mrn', 'uuid'] as const;

/** What it returns counts only where no mistake was told. */
export const relationRow: Readonly<Record<RelationKind, (line: RelationLine) => RelationRow>> = {
  appointments: appointmentOf,
  staff: staffOf,
  demographics: (line) => ({ ids: idsOf(line), ...writtenTraits(line) }),
  confidential: (line) => ({ patient: idsOf(line)[0] ?? '' }),
};

function appointmentOf(line: RelationLine): Appointment {
  const { get } = line;
  const [patient = ''] = idsOf(line);
  const at = timeOf(line, 'date', 'time');
  return {
    patient,
    day: at?.day ?? '',
    minute: at?.minute ?? null,
    clinician: short(line, 'clinician'),
    department: get('department') === '' ? null : short(line, 'department'),
  };
}

/** A day and a time in two columns, or both in one. */
function timeOf({ get, mistake }: RelationLine, date: string, time: string) {
  const both = [get(date), get(time)].filter((part) => part !== '');
  const [only = ''] = both;
  const written = both.length === 2 && readClock(get(time)) !== null ? both.join(' ') : both.length === 2 ? get(time) : only;
  const read = readWallTime(written);
  if (read === null) mistake(get(time) === '' ? date : time, 'The time cannot be read; write it as 2026-12-31 14:30');
  return read;
}

function staffOf(line: RelationLine): StaffMember {
  const { get, mistake, tokenOf } = line;
  const login = get('login').toLowerCase();
  const name = nameOf(line);
  if (login === '') mistake('login', 'The login name is empty; take the line out, or fill it in');
  if (name === '') mistake('name', 'The name is empty');
  return {
    login,
    name,
    role: short(line, 'role'),
    department: short(line, 'department'),
    patient: get('patient') === '' ? null : tokenOf(get('patient')),
    shift: shiftOf(line),
    noticeDay: dayOf(line, 'notice'),
    endDay: dayOf(line, 'end'),
    ...writtenTraits(line),
  };
}

function shiftOf(line: RelationLine): StaffMember['shift'] {
  const [from, to] = [line.get('shift-start'), line.get('shift-end')];
  if (from === '' && to === '') return null;
  const [begins, ends] = [readWallTime(from), readWallTime(to)];
  if (begins === null || begins.minute === null)
    line.mistake('shift-start', 'The shift cannot be read; write its start as 2026-12-31 07:00');
  else if (ends === null || ends.minute === null)
    line.mistake('shift-end', 'The shift cannot be read; write its end as 2026-12-31 19:00');
  else {
    const shift = { from: writeWallTime(begins.day, begins.minute), to: writeWallTime(ends.day, ends.minute) };
    if (shift.to > shift.from) return shift;
    line.mistake('shift-end', 'The shift ends before it begins; the end of a night is on the next day');
  }
  return null;
}

function dayOf({ get, mistake }: RelationLine, word: string): string | null {
  const read = readBirthDate(get(word));
  if ('date' in read) return read.date;
  mistake(word, `The date cannot be read: ${read.why}`);
  return null;
}

function writtenTraits(line: RelationLine) {
  const { get, mistake, hide } = line;
  const birth = readBirthDate(get('birth-date'));
  if ('why' in birth) mistake('birth-date', `The date of birth cannot be read: ${birth.why}`);
  const written = {
    name: nameOf(line),
    family: get('family'),
    birthDate: 'date' in birth ? birth.date : null,
    address: [get('address'), get('city'), get('postcode')].join(' '),
    phone: get('phone'),
    email: get('email'),
  };
  return traitsOf(written, hide);
}

function nameOf(line: RelationLine): string {
  const name = line.get('name');
  return name === '' ? [line.get('given'), line.get('family')].filter((part) => part !== '').join(' ') : name;
}

function idsOf({ get, mistake, tokenOf }: RelationLine): string[] {
  const found = ids.map((word) => [word, get(word)] as const).filter(([, id]) => id !== '');
  if (found.length === 0) mistake('patient', 'The patient has no id; take the line out, or fill one of the ids in');
  for (const [word, id] of found) {
    if (id.startsWith('~')) mistake(word, 'The id begins with "~", as only what the record writes for an id does');
    else if (/^\d[.,]\d+E\+\d+$/i.test(id)) mistake(word, 'The id was rounded by a spreadsheet; export it as text');
  }
  return found.map(([, id]) => tokenOf(id));
}

function short({ get, mistake }: RelationLine, word: string): string | null {
  const text = get(word);
  if (text.length > longestText) mistake(word, `The ${word} is longer than ${longestText} characters`);
  return text === '' ? null : text;
}
