// Reads the patients of an export, one after the other, and every mistake in it with its place and its fix. What it says of
// a mistake never holds a name or a date of birth: terminals and tickets keep what is shown on them.

import type { Findings } from '../../config/mistake.ts';
import { readBirthDate } from '../../core/patients/birth-date.ts';
import { nameParts } from '../../core/patients/name-parts.ts';
import type { DirectoryId, DirectoryPatient } from '../../directory-ports.ts';
import { separatorOf } from '../csv-separator.ts';
import { CsvReader } from '../read-csv.ts';
import type { CsvField } from '../read-csv.ts';
import { directoryColumns } from './directory-columns.ts';
import type { AskedColumns, DirectoryColumns } from './directory-columns.ts';

/** Rows of one file. */
export const mostPatients = 1_000_000;
/** Characters. An id is as long as the record keeps one. */
const longestName = 200;
const longestId = 128;

export interface ReadPatient extends DirectoryPatient {
  readonly line: number;
}

export interface DirectoryFile {
  /** As it is shown in messages. */
  readonly file: string;
  readonly text: string;
  readonly columns: AskedColumns;
  readonly findings: Findings;
}

/** Sound rows alone; whether all were sound stands in the findings. Ends early where there are too many mistakes. */
export function* readDirectory({ file, text, columns: asked, findings }: DirectoryFile): Generator<ReadPatient> {
  const reader = new CsvReader(text, separatorOf(text));
  const told = (): boolean => {
    for (const { message, ...place } of reader.problems.splice(0)) findings.mistake(file, place, message);
    return findings.full;
  };
  const header = reader.next();
  if (header === null) {
    findings.mistake(file, { line: 1, column: 1 }, 'The file is empty');
    return;
  }
  const columns = directoryColumns(header, asked);
  if (told()) return;
  if ('why' in columns) {
    findings.mistake(file, columns.field, columns.why, columns.near);
    return;
  }
  let rows = 0;
  for (let row = reader.next(); row !== null; row = reader.next()) {
    const [first] = row;
    rows += 1;
    if (first !== undefined && rows > mostPatients) {
      findings.mistake(file, first, `The file has more than ${mostPatients} patients`);
      return;
    }
    // A row around a broken quote is not the row that somebody meant.
    const broken = reader.problems.length > 0;
    if (told()) return;
    const read = broken ? null : readRow(row, columns, (field, why) => findings.mistake(file, field, why));
    if (read !== null) yield read;
  }
  if (rows === 0) findings.mistake(file, { line: 2, column: 1 }, 'No patient follows the first line');
}

type Tell = (field: CsvField, why: string) => void;

function readRow(row: readonly CsvField[], columns: DirectoryColumns, tell: Tell): ReadPatient | null {
  const [first] = row;
  if (first === undefined) return null;
  if (row.length !== columns.count) {
    const fix = 'write every separator, and quote fields that hold one';
    tell(first, `The line has ${row.length} fields and the first line ${columns.count}; ${fix}`);
    return null;
  }
  const field = (at: number): CsvField => row[at] ?? first;
  let sound = true;
  const mistake: Tell = (where, why) => {
    sound = false;
    tell(where, why);
  };
  const name = nameOf(columns.name.map(field), mistake);
  const ids = columns.ids.flatMap(({ kind, at }) => idOf(kind, field(at), mistake));
  if (sound && ids.length === 0) mistake(first, 'The patient has no id; take the line out, or fill one of the ids in');
  const birthDate = columns.birthDate === null ? null : birthDateOf(field(columns.birthDate), mistake);
  return sound ? { line: first.line, name, birthDate, ids } : null;
}

function nameOf(fields: readonly CsvField[], mistake: Tell): string {
  const name = fields.map(({ text }) => text.trim()).filter((part) => part !== '').join(' ').normalize('NFC'); // prettier-ignore
  const [field] = fields;
  if (field === undefined) return name;
  if (name === '') mistake(field, 'The name is empty');
  else if (name.length > longestName) mistake(field, `The name is longer than ${longestName} characters`);
  else if (/[\p{Cc}\u2028\u2029]/u.test(name)) mistake(field, 'The name holds a line break or a control character');
  else if (name.includes('\uFFFD')) mistake(field, 'The name holds the mark of a letter that was lost; export it as UTF-8');
  else if (nameParts(name).length === 0) mistake(field, 'The name has no letter in it');
  return name;
}

function idOf(kind: DirectoryId['kind'], field: CsvField, mistake: Tell): readonly DirectoryId[] {
  const id = field.text.trim();
  if (id === '') return [];
  if (id.length > longestId) mistake(field, `The ${kind} is longer than ${longestId} characters`);
  else if (/[\p{Cc}\u2028\u2029]/u.test(id)) mistake(field, `The ${kind} holds a line break or a control character`);
  else if (id.startsWith('~')) mistake(field, `The ${kind} begins with "~", as only what the record writes for an id does`);
  // 1.23457E+11 is what is left of a long number in a spreadsheet.
  else if (/^\d[.,]\d+E\+\d+$/i.test(id)) mistake(field, `The ${kind} was rounded by a spreadsheet; export it as text`);
  else return [{ kind, id }];
  return [];
}

function birthDateOf(field: CsvField, mistake: Tell): string | null {
  const read = readBirthDate(field.text.trim());
  if ('date' in read) return read.date;
  mistake(field, `The date of birth cannot be read: ${read.why}`);
  return null;
}
