// Writes a report in the form that was asked for: to the terminal, to a new file that its owner alone can read, or as a
// directory with the records and their proofs beside it.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditExport } from '../../adapters/audit-export.ts';
import type { Report } from '../../core/report/report.ts';
import { reportCsv, sectionCsv } from '../../pages/report/report-csv.ts';
import { reportDocument } from '../../pages/report/report-document.ts';
import { reportJson } from '../../pages/report/report-json.ts';
import { UsageError } from '../audit-arguments.ts';
import { verifierPage } from '../export/verifier-page.ts';

export type ReportForm = 'html' | 'csv' | 'json';

/** It names who opened which chart. */
const ownerOnly = { file: 0o600, directory: 0o700 } as const;
/** What stands in a directory beside the report in its three forms. */
const besides = ['bundle.json', 'verifier.html'] as const;

/** The text of a report, ending with a newline. `section`: the key of one table, for CSV. Throws UsageError. */
export function reportText(report: Report, form: ReportForm, section: string | null): string {
  if (form === 'html') return reportDocument(report);
  if (form === 'json') return `${reportJson(report)}\n`;
  if (section === null) return lines(reportCsv(report));
  const found = report.sections.find(({ key }) => key === section);
  const keys = report.sections.map(({ key }) => key).join(', ');
  if (found === undefined) throw new UsageError(`This report has no section "${section}", only: ${keys}`);
  return lines(sectionCsv(found));
}

/** Throws a UsageError where a file is there already: nothing is written over. */
export function refuseTaken(out: string, kind: string): void {
  const files = isDirectory(out) ? [...forms(kind), ...besides].map((name) => join(out, name)) : [out];
  const taken = files.find((file) => existsSync(file));
  if (taken !== undefined) throw new UsageError(`"${taken}" is there already, name another place with --out`);
}

/** A name with one of the three endings is a file. */
export function isDirectory(out: string): boolean {
  return !/\.(?:html|csv|json)$/.test(out);
}

export function writeFile(out: string, text: string): void {
  writeFileSync(out, text, { flag: 'wx', mode: ownerOnly.file });
}

/** The report in its three forms, its records with their proofs, and the page that checks them. */
export function writeDirectory(out: string, report: Report, bundle: AuditExport): void {
  mkdirSync(out, { recursive: true, mode: ownerOnly.directory });
  const [page = '', table = '', script = ''] = forms(report.kind);
  writeFile(join(out, page), reportText(report, 'html', null));
  writeFile(join(out, table), reportText(report, 'csv', null));
  writeFile(join(out, script), reportText(report, 'json', null));
  writeFile(join(out, besides[0]), JSON.stringify(bundle));
  writeFile(join(out, besides[1]), verifierPage());
}

function forms(kind: string): string[] {
  return ['html', 'csv', 'json'].map((ending) => `${kind}.${ending}`);
}

function lines(all: readonly string[]): string {
  return `${all.join('\r\n')}\r\n`;
}
