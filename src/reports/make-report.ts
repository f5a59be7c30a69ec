// Makes a report of a kind: its tables, and around them what every report must say. Patients are shown by who they are only
// here, for whoever may see the report; the tables came with what the record carries.

import type { Cell, Column, Report, ReportContent, Row } from '../core/report/report.ts';
import type { ReportAsks, ReportSources } from '../report-ports.ts';
import type { ShownPatient } from '../patient-ports.ts';
import type { ReportKind } from './report-kind.ts';

/** Rejects where the record or the store of patients cannot be read, or counting takes too long. */
export async function makeReport(kind: ReportKind, asks: ReportAsks, sources: ReportSources): Promise<Report> {
  const { period, forPatient } = asks;
  const { since, until } = period;
  const { clinic, records, now } = sources;
  const watched = await records.watch(since, until);
  const content = await kind.build(asks, sources);
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
    coverage: { ...watched, unresolvedRequests, unknownPatients: named.unknown },
    // Last, so that its checkpoint reaches as far as it can.
    evidence: await sources.evidence(),
  };
}

interface Named {
  readonly content: ReportContent;
  readonly unknown: number;
}

/** One question for all of them. */
async function withPatients(content: ReportContent, { patients }: ReportSources): Promise<Named> {
  const tokens = new Set<string>();
  eachPatient(content, (token) => {
    tokens.add(token);
    return token;
  });
  if (tokens.size === 0) return { content, unknown: 0 };
  const known = await patients.show([...tokens]);
  const shown = eachPatient(content, (token) => nameOf(token, known.get(token)));
  return { content: shown, unknown: [...tokens].filter((token) => isToken(token) && !known.has(token)).length };
}

/** The content with every patient put through `change`. */
function eachPatient(content: ReportContent, change: (token: string) => string): ReportContent {
  const changed = <One extends { readonly type: string; readonly value: Cell }>(one: One): One =>
    one.type === 'patient' && typeof one.value === 'string' ? { ...one, value: change(one.value) } : one;
  const { about, figures, sections, limits, blanks } = content;
  return {
    about: about.map(changed),
    figures: figures.map(changed),
    sections: sections.map((section) => ({ ...section, rows: changedRows(section.rows, section.columns, change) })),
    limits,
    blanks,
  };
}

function changedRows(rows: readonly Row[], columns: readonly Column[], change: (token: string) => string): readonly Row[] {
  const keys = columns.filter(({ type }) => type === 'patient').map(({ key }) => key);
  if (keys.length === 0) return rows;
  return rows.map((row) => {
    const cells = keys.flatMap((key) => {
      const value = row[key];
      return typeof value === 'string' ? [[key, change(value)] as const] : [];
    });
    return { ...row, ...Object.fromEntries(cells) };
  });
}

function nameOf(token: string, known: ShownPatient | undefined): string {
  if (known !== undefined) return known.name === null ? known.id : `${known.name} (${known.id})`;
  return isToken(token) ? `unknown patient ${token.slice(0, 9)}…` : token;
}

/** Records of an older gateway carry the id itself. */
function isToken(text: string): boolean {
  return text.startsWith('~');
}
