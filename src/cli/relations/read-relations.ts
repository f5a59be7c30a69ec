// Reads an export of one kind, row by row, and every mistake in it with its place and its fix. Nothing of a file with a mistake
// is used.

import type { Findings } from '../../config/mistake.ts';
import type { RelationKind } from '../../core/relations/relation-rows.ts';
import { separatorOf } from '../csv-separator.ts';
import { CsvReader } from '../read-csv.ts';
import type { CsvField } from '../read-csv.ts';
import { foundColumns } from './relation-columns.ts';
import type { NamedColumns } from './relation-columns.ts';
import { mostRelationRows } from './relation-limits.ts';
import { relationRow } from './relation-row.ts';
import type { RelationLine, RelationRow } from './relation-row.ts';

const longestField = 500;

export interface RelationText extends Pick<RelationLine, 'tokenOf' | 'hide'> {
  readonly kind: RelationKind;
  /** As it is shown in messages. */
  readonly file: string;
  readonly text: string;
  readonly columns: NamedColumns;
  readonly findings: Findings;
}

export function readRelations(given: RelationText): readonly RelationRow[] {
  const { kind, file, text, findings } = given;
  const reader = new CsvReader(text, separatorOf(text));
  const told = (): boolean => {
    for (const { message, ...place } of reader.problems.splice(0)) findings.mistake(file, place, message);
    return findings.full;
  };
  const header = reader.next();
  const columns = header === null ? null : foundColumns(kind, header, given.columns);
  told();
  if (columns === null) findings.mistake(file, { line: 1, column: 1 }, 'The file is empty');
  else if ('why' in columns) findings.mistake(file, columns.field, columns.why);
  if (columns === null || 'why' in columns) return [];
  const rows: RelationRow[] = [];
  for (let row = reader.next(); row !== null && !findings.full; row = reader.next()) {
    const broken = reader.problems.length > 0;
    if (told()) break;
    const [first] = row;
    if (broken || first === undefined) continue;
    if (rows.length >= mostRelationRows[kind]) {
      findings.mistake(file, first, `The file has more than ${mostRelationRows[kind]} rows; export a shorter time`);
      break;
    }
    if (row.length === columns.count) rows.push(relationRow[kind](lineOf(row, first, columns.places, given)));
    else findings.mistake(file, first, fieldCount(row.length, columns.count));
  }
  if (rows.length === 0 && findings.mistakes.length === 0 && kind !== 'confidential')
    findings.mistake(file, { line: 2, column: 1 }, 'No row follows the first line');
  return rows;
}

function lineOf(
  row: readonly CsvField[],
  first: CsvField,
  places: ReadonlyMap<string, number>,
  { file, findings, tokenOf, hide }: RelationText,
): RelationLine {
  const field = (word: string): CsvField | undefined => row[places.get(word) ?? -1];
  return {
    tokenOf,
    hide,
    get: (word) => field(word)?.text.trim().slice(0, longestField) ?? '',
    mistake: (word, why) => findings.mistake(file, field(word) ?? first, why),
  };
}

function fieldCount(found: number, expected: number): string {
  const fix = 'write every separator, and quote fields that hold one';
  return `The line has ${found} fields and the first line ${expected}; ${fix}`;
}
