// Which column of an export is which: as its first line says, or as `--columns` does. A name may be made of several columns.

import { didYouMean, listed } from '../../config/did-you-mean.ts';
import { patientIdKinds } from '../../core/patients/patient-id-kinds.ts';
import type { PatientIdKind } from '../../core/patients/patient-id-kinds.ts';
import { plainText } from '../plain-text.ts';
import type { CsvField } from '../read-csv.ts';
import { UsageProblem } from '../usage-problem.ts';

const meanings = [...patientIdKinds, 'name', 'birth-date'] as const;
type Meaning = (typeof meanings)[number];

/** Our word → the columns of the file that hold it; only a name has several. */
export type AskedColumns = ReadonlyMap<Meaning, readonly string[]>;

/** Places in a row, from 0. */
export interface DirectoryColumns {
  readonly count: number;
  readonly ids: readonly { readonly kind: PatientIdKind; readonly at: number }[];
  readonly name: readonly number[];
  readonly birthDate: number | null;
}

export type ReadColumns = DirectoryColumns | { readonly field: CsvField; readonly why: string; readonly near?: string };

/** `pid=PatientID,name=Family+Given`. Throws a UsageProblem. */
export function askedColumns(text: string): AskedColumns {
  const asked = new Map<Meaning, readonly string[]>();
  for (const part of text.split(',')) {
    const [word = '', ...rest] = part.split('=');
    const meaning = meanings.find((one) => one === word.trim());
    const columns = rest.join('=').split('+').map((one) => one.trim()); // prettier-ignore
    if (meaning === undefined || columns.some((one) => one === ''))
      throw new UsageProblem(`--columns "${part}" is not like pid=COLUMN; there is ${listed(meanings, 'and')}`);
    if (asked.has(meaning)) throw new UsageProblem(`--columns names ${meaning} twice`);
    if (meaning !== 'name' && columns.length > 1) throw new UsageProblem(`--columns: only a name is made of several columns`);
    asked.set(meaning, columns);
  }
  return asked;
}

/** What `asked` leaves out is looked for under our own word; upper and lower case are one. */
export function directoryColumns(header: readonly CsvField[], asked: AskedColumns): ReadColumns {
  const [first] = header;
  if (first === undefined) throw new Error('A header is a row, and a row has a field');
  const names = header.map(({ text }) => text.trim().toLowerCase());
  const twice = header.find((_field, at) => names[at] !== '' && names.indexOf(names[at] ?? '') < at);
  if (twice !== undefined) return { field: twice, why: `Column "${plainText(twice.text, 100)}" is there twice` };
  const missing = [...asked.values()].flat().find((column) => !names.includes(column.toLowerCase()));
  if (missing !== undefined) return notThere(first, missing, header);
  const places = (meaning: Meaning): readonly number[] =>
    (asked.get(meaning) ?? [meaning]).map((column) => names.indexOf(column.toLowerCase())).filter((at) => at !== -1);
  const ids = patientIdKinds.flatMap((kind) => places(kind).map((at) => ({ kind, at })));
  const name = places('name');
  if (ids.length === 0 || name.length === 0) {
    const what = ids.length === 0 ? 'an id (pid, mrn or uuid)' : 'the name';
    const there = listed(header.map(({ text }) => plainText(text, 60)).slice(0, 20), 'and'); // prettier-ignore
    return { field: first, why: `No column is ${what}; there is ${there}. Say which it is: --columns pid=COLUMN,name=COLUMN` };
  }
  return { count: header.length, ids, name, birthDate: places('birth-date')[0] ?? null };
}

function notThere(field: CsvField, column: string, header: readonly CsvField[]): ReadColumns {
  const near = didYouMean(column, header.map(({ text }) => text)); // prettier-ignore
  const there = listed(header.map(({ text }) => plainText(text, 60)).slice(0, 20), 'and'); // prettier-ignore
  return {
    field,
    why: `There is no column "${plainText(column, 100)}"; there is ${there}`,
    ...(near === undefined ? {} : { near }),
  };
}
