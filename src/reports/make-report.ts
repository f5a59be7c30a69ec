// Makes a report of a kind: its tables, and around them what every report must say. Patients are shown by who they are only
// here, for whoever may see the report; the tables came with what the record carries.

import { isPatientToken } from '../core/patients/patient-token.ts';
import { tokensIn, withIds } from '../core/patients/shown-tokens.ts';
import type { Cell, Column, ColumnType, Report, ReportContent, Row } from '../core/report/report.ts';
import type { ReportAsks, ReportSources } from '../report-ports.ts';
import type { ShownPatient } from '../patient-ports.ts';
import type { ReportKind } from './report-kind.ts';

/** Rejects where the record or the store of patients cannot be read, or counting takes too long. */
export async function makeReport(kind: ReportKind, asks: ReportAsks, sources: ReportSources): Promise<Report> {
  const { period, forPatient } = asks;
  const { since, until } = period;
  const { clinic, records, now } = sources;
  const evidence = once(sources.evidence);
  const { ownRecords: _, ...coverage } = await records.watch(since, Math.min(until, now));
  const content = await kind.build(asks, { ...sources, evidence });
  const named = await withPatients(content, sources);
  const { rows: read } = await records.tally({ since, until, ended: true }, ['patientSource']);
  const unresolvedRequests = read.find(({ keys: [source] }) => source === 'unresolved')?.count ?? 0;
  return {
    kind: kind.name,
    title: content.title ?? kind.title,
    citations: forPatient ? [] : kind.citations,
    clinic: { name: clinic.name, timezone: clinic.timezone },
    language: forPatient ? clinic.language : 'en',
    isForPatient: forPatient,
    period,
    made: now,
    ...named.content,
    coverage: { ...coverage, unresolvedRequests, unknownPatients: named.unknown },
    // Last, so that its checkpoint reaches as far as it can, where no table asked for it before.
    evidence: await evidence(),
  };
}

/** A run of the verifier takes minutes, and a report names one checkpoint. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | null = null;
  return () => (asked ??= ask());
}

/** Types of values that may hold tokens. */
const naming: ReadonlySet<ColumnType> = new Set(['patient', 'code', 'text']);
/** Characters of a token that tell two of a report apart. */
const shownToken = 9;

interface Named {
  readonly content: ReportContent;
  readonly unknown: number;
}

/** One question for all of them. */
async function withPatients(content: ReportContent, { patients }: ReportSources): Promise<Named> {
  const texts: string[] = [];
  eachText(content, (text) => {
    texts.push(text);
    return text;
  });
  const tokens = tokensIn(texts);
  const known = tokens.length === 0 ? new Map<string, ShownPatient>() : await patients.show(tokens);
  const shown = eachText(content, (text, type) => {
    if (type === 'patient') return nameOf(text, known.get(text));
    return withIds(text, (token) => known.get(token)?.id);
  });
  return { content: shown, unknown: tokens.filter((token) => !known.has(token)).length };
}

/** The content with every text that may name a patient put through `change`: patients themselves, and addresses with one in. */
function eachText(content: ReportContent, change: (text: string, type: ColumnType) => string): ReportContent {
  const changed = (value: Cell, type: ColumnType): Cell =>
    typeof value === 'string' && naming.has(type) ? change(value, type) : value;
  const one = <One extends { readonly type: ColumnType; readonly value: Cell }>(item: One): One => ({
    ...item,
    value: changed(item.value, item.type),
  });
  const rowOf = (row: Row, columns: readonly Column[]): Row => ({
    ...row,
    ...Object.fromEntries(columns.map(({ key, type }) => [key, changed(row[key] ?? null, type)])),
  });
  const { about, figures, sections, limits, blanks } = content;
  const withNames = sections.map((section) => {
    const columns = section.columns.filter(({ type }) => naming.has(type));
    return columns.length === 0 ? section : { ...section, rows: section.rows.map((row) => rowOf(row, columns)) };
  });
  return { about: about.map(one), figures: figures.map(one), sections: withNames, limits, blanks };
}

function nameOf(token: string, known: ShownPatient | undefined): string {
  if (known !== undefined) return known.name === null ? known.id : `${known.name} (${known.id})`;
  // Records of an older gateway carry the id itself.
  return isPatientToken(token) ? `unknown patient ${token.slice(0, shownToken)}…` : token;
}
