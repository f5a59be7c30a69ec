// A report as a value: what it is about, its tables, and how much of the world it rests on. It is made first and drawn later,
// so that paper, spreadsheet and script say the same. No report can be made without its coverage: the type demands it.

import type { Language } from '../language/language.ts';
import type { Coverage } from './coverage.ts';
import type { Evidence } from './evidence.ts';

/**
 * How a value is written and sorted. `time` is epoch milliseconds, `duration` milliseconds, `record` the number of a record.
 * `patient` is what the record carries, a token or an id; the frame shows who that is.
 */
export type ColumnType = 'text' | 'code' | 'time' | 'number' | 'bytes' | 'duration' | 'yes-no' | 'person' | 'patient' | 'record';

export interface Column {
  /** As CSV and JSON call it. */
  readonly key: string;
  readonly title: string;
  readonly type: ColumnType;
}

/** Null: not said. */
export type Cell = string | number | boolean | null;

/** Values by the key of their column; a column that is left out is null. */
export type Row = Readonly<Record<string, Cell>>;

export interface Section {
  /** As CSV and `--section` call it. */
  readonly key: string;
  readonly title: string;
  /** What a reader must know before the table; whole sentences. */
  readonly notes: readonly string[];
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** All rows that fit. More than there are here: the report says that it was cut; null: more, and nobody counted them. */
  readonly total: number | null;
}

/** One number or word of the summary. */
export interface Figure {
  readonly key: string;
  readonly title: string;
  readonly type: ColumnType;
  readonly value: Cell;
  /** How it was counted, where that is not plain; a whole sentence. */
  readonly note: string | null;
}

/** Half open: from `since` and before `until`, epoch milliseconds. */
export interface Period {
  readonly since: number;
  readonly until: number;
  /** `2026-10`, where it is a month. */
  readonly month: string | null;
}

/** A place that somebody fills in by hand. */
export interface Blank {
  readonly title: string;
  /** Lines of room. */
  readonly lines: number;
}

/** What a kind of report makes; the frame puts the rest around it. */
export interface ReportContent {
  /** What it is about beside the period, such as `Patient: 7`; empty where it is about everything. */
  readonly about: readonly { readonly title: string; readonly type: ColumnType; readonly value: Cell }[];
  readonly figures: readonly Figure[];
  readonly sections: readonly Section[];
  /** What this kind cannot tell, beside what no report can; whole sentences. */
  readonly limits: readonly string[];
  readonly blanks: readonly Blank[];
}

export interface Report extends ReportContent {
  /** Its name on the command line. */
  readonly kind: string;
  readonly title: string;
  /** What of the law and the standards it helps with, such as `45 CFR 164.312(b)`. */
  readonly citations: readonly string[];
  readonly clinic: { readonly name: string; readonly timezone: string };
  readonly language: Language;
  /** Made for somebody outside: without addresses, numbers of requests and the names of our parts. */
  readonly isForPatient: boolean;
  readonly period: Period;
  /** Epoch milliseconds. */
  readonly made: number;
  readonly coverage: Coverage;
  readonly evidence: Evidence;
}
