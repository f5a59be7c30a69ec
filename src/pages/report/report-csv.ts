// A report as CSV (RFC 4180): one table by itself for a program, or all of them one below the other for a spreadsheet, each
// under its title, and what the report rests on at the end. Times are UTC.

import { csvCell } from '../../core/audit/csv-cell.ts';
import { plainCell } from '../../core/report/cell-text.ts';
import type { Cell, Report, Section } from '../../core/report/report.ts';
import { frameWords } from './frame-words.ts';
import { periodText, sectionNotes, statementsOf } from './statements.ts';

/** Lines without their ends. */
export function reportCsv(report: Report): string[] {
  const words = frameWords[report.language];
  const { coverage, limits, evidence } = statementsOf(report);
  const head: readonly (readonly Cell[])[] = [
    [report.title],
    [words.clinic, report.clinic.name],
    ...report.about.map(({ title, type, value }) => [title, plainCell(value, type)]),
    [words.period, periodText(report)],
    [words.made, plainCell(report.made, 'time')],
  ];
  const figures = report.figures.map(({ title, type, value, note }) => [title, plainCell(value, type), note]);
  const statements = [
    [words.coverage, coverage],
    [words.limits, limits],
    [words.evidence, evidence],
  ] as const;
  return [
    ...head.map(line),
    ...(figures.length === 0 ? [] : ['', line([words.summary]), ...figures.map(line)]),
    ...report.sections.flatMap((section) => [
      '',
      line([section.title]),
      ...sectionNotes(section, words).map((note) => line([note])),
      ...sectionCsv(section),
    ]),
    ...statements.flatMap(([title, sentences]) => ['', line([title]), ...sentences.map((sentence) => line([sentence]))]),
  ];
}

/** One table alone: its keys, then its rows. */
export function sectionCsv({ columns, rows }: Section): string[] {
  return [
    columns.map(({ key }) => csvCell(key)).join(','),
    ...rows.map((row) => line(columns.map(({ key, type }) => plainCell(row[key] ?? null, type)))),
  ];
}

function line(cells: readonly Cell[]): string {
  return cells.map((cell) => csvCell(typeof cell === 'boolean' ? String(cell) : cell)).join(',');
}
