// A report for a script: every value as it is, times as ISO 8601 in UTC, and the sentences about itself beside the numbers they
// were made from.

import { plainCell } from '../../core/report/cell-text.ts';
import type { Report, Section } from '../../core/report/report.ts';
import { frameWords } from './frame-words.ts';
import { sectionNotes, statementsOf } from './statements.ts';

const iso = (time: number): string => new Date(time).toISOString();

export function reportJson(report: Report): string {
  const { kind, title, citations, clinic, language, period, made, about, figures, sections, coverage, evidence } = report;
  const { records, gaps } = coverage;
  const { checkpoint, anchors, verification } = evidence;
  return JSON.stringify({
    format: 'wardgate-report/1',
    kind,
    title,
    citations,
    clinic,
    language,
    period: { since: iso(period.since), until: iso(period.until), month: period.month, timezone: clinic.timezone },
    made: iso(made),
    about: about.map(({ value, type, ...rest }) => ({ ...rest, type, value: plainCell(value, type) })),
    figures: figures.map(({ value, type, ...rest }) => ({ ...rest, type, value: plainCell(value, type) })),
    sections: sections.map((section) => sectionOf(section, report)),
    coverage: {
      ...coverage,
      records: records && { ...records, firstTime: iso(records.firstTime), lastTime: iso(records.lastTime) },
      gaps: gaps.map((gap) => ({ ...gap, from: iso(gap.from), until: iso(gap.until) })),
    },
    evidence: {
      checkpoint: checkpoint && { ...checkpoint, time: iso(checkpoint.time) },
      anchors: anchors.map((anchor) => ({ ...anchor, at: anchor.at === null ? null : iso(anchor.at) })),
      verification,
    },
    statements: statementsOf(report),
  });
}

function sectionOf(section: Section, { language }: Report): unknown {
  const { key, title, columns, rows, total } = section;
  return {
    key,
    title,
    notes: sectionNotes(section, frameWords[language]),
    columns,
    total,
    rows: rows.map((row) =>
      Object.fromEntries(columns.map((column) => [column.key, plainCell(row[column.key] ?? null, column.type)])),
    ),
  };
}
