// `wardgate report KIND`: what an officer reviews, signs and files, made from the record on the machine where it is. It works
// beside a running gateway, and stands on record itself before anything of it is shown.

import { join } from 'node:path';
import { systemClock } from '../adapters/clock-system.ts';
import { openDisclosureFile } from '../adapters/disclosure-file.ts';
import { reportEvidence } from '../adapters/report-evidence.ts';
import { verifyAuditLog } from '../adapters/audit-verify.ts';
import type { Configuration, Settings } from '../config/settings.ts';
import type { Report } from '../core/report/report.ts';
import type { PatientNames } from '../patient-ports.ts';
import type { OperationsLog } from '../ports.ts';
import type { ReportAsks, ReportSources } from '../report-ports.ts';
import { makeReport } from '../reports/make-report.ts';
import type { ReportKind } from '../reports/report-kind.ts';
import { reportKind, reportKinds } from '../reports/report-kinds.ts';
import { parse, UsageError } from './audit-arguments.ts';
import type { Parsed } from './audit-arguments.ts';
import { recordSearch } from './audit-search/record-search.ts';
import { patientLookup, untoldId } from './patients/patient-lookup.ts';
import type { Asked } from './patients/patient-lookup.ts';
import { terminal } from './printer.ts';
import type { Printer } from './printer.ts';
import { keptHistory } from './report/kept-history.ts';
import { reachedByCheckpoint } from './report/reached-by-checkpoint.ts';
import { recordDirectories } from './recorded/record-source.ts';
import { reportBundle } from './report/report-bundle.ts';
import { reportPeriod } from './report/report-period.ts';
import { reportedRecord } from './report/reported-record.ts';
import type { ReportedRecord } from './report/reported-record.ts';
import { reportSetup } from '../compose/report-setup.ts';
import { isDirectory, refuseTaken, reportText, writeDirectory, writeFile } from './report/write-report.ts';
import type { ReportForm } from './report/write-report.ts';
import { soundConfiguration } from './sound-configuration.ts';

const usage = `Usage: wardgate report list [--json]
       wardgate report KIND [--config FILE] [--month 2026-10 | --since 30d [--until 2026-10-31]] [--person NAME] [--patient ID]
                [--for-patient] [--seed NUMBER] [--html | --csv [--section KEY] | --json] [--verify] [--out FILE|DIRECTORY]

Without a period it is of the month that ended last, by the clinic's clock.
--for-patient  a version to hand to the patient: plain words, no addresses
--seed         draws the sample of an earlier monthly report again
--section      one table alone, for a program
--verify       runs the verifier over all of the record first; it takes minutes for a large one
--out          a name that ends in .html, .csv or .json gets that form; a directory gets all three, the records with their
               proofs, and the page that checks them`;

/** The most rows of one table; more is for a narrower question. */
const mostRows = 10_000;
const mostSeed = 2_147_483_646;
const forms: readonly ReportForm[] = ['html', 'csv', 'json'];
const texts = ['config', 'month', 'since', 'until', 'person', 'patient', 'seed', 'section', 'out'] as const;

/** Exit code: 0 made, 1 not, 2 wrong usage. */
export async function report(args: string[], print: Printer = terminal): Promise<number> {
  try {
    return await reported(args, print);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    print.err(cause.message);
    if (!(cause instanceof UsageError)) return 1;
    print.err(usage);
    return 2;
  }
}

async function reported(args: string[], print: Printer): Promise<number> {
  const strings = Object.fromEntries(texts.map((name) => [name, { type: 'string' as const }]));
  const switches = Object.fromEntries(
    ['html', 'csv', 'for-patient', 'verify'].map((name) => [name, { type: 'boolean' as const }]),
  );
  const { values, positionals } = parse(args, { ...strings, ...switches }, true);
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) throw new UsageError('Name one kind of report; "report list" tells them');
  if (name === 'list') return list(values, print);
  const kind = reportKind(name);
  if (kind === null) throw new UsageError(`There is no report "${name}"; "report list" tells them`);
  const { config, out } = values;
  const form = formOf(values);
  refuseAsks(kind, values);
  if (typeof out === 'string') refuseTaken(out, kind.name);
  const configuration = await soundConfiguration(typeof config === 'string' ? config : join('config', 'gateway.yaml'), print);
  if (configuration === null) return 1;
  const { settings } = configuration;
  const asks = asksOf(values, settings.clinic.timezone, systemClock.now(), kind.years);
  // No record, no access: what was asked for is on record before anything of it is shown.
  const patients = await patientLookup(settings, print);
  try {
    const whose = asks.patient === null ? null : await patients.asked(asks.patient);
    // It would say that nobody opened the chart.
    if (whose?.told === untoldId) throw new Error('No token of that id can be made, so its records cannot be found');
    await recordSearch(settings, described(kind, values, whose), 'report');
    await make({ kind, asks, configuration, form, values, print, patients: patients.names });
    return 0;
  } finally {
    patients.close();
  }
}

interface Task {
  readonly kind: ReportKind;
  readonly asks: ReportAsks;
  readonly configuration: Configuration;
  readonly form: ReportForm;
  readonly values: Parsed['values'];
  readonly print: Printer;
  readonly patients: PatientNames;
}

async function make({ kind, asks, configuration, form, values, print, patients }: Task): Promise<void> {
  const { settings } = configuration;
  const words = await openDisclosureFile(settings, settings.masterKeyFile, quietLog(print));
  const record = await reportedRecord(settings);
  try {
    for (const one of record.missing) print.err(one);
    const filed = typeof values['out'] === 'string' && isDirectory(values['out']);
    const how = { verify: values['verify'] === true, filed } as const;
    const made = await makeReport(kind, asks, sourcesOf(record, configuration, { patients, disclosures: words.book }, how));
    const { out, section } = values;
    if (typeof out !== 'string') print.out(reportText(made, form, typeof section === 'string' ? section : null).trimEnd());
    else if (isDirectory(out)) await writeFiled(out, made, settings, record, print);
    else writeFile(out, reportText(made, form, typeof section === 'string' ? section : null));
    if (typeof out === 'string') print.out(`The report was written to "${out}"`);
  } finally {
    await record.close();
    await words.close();
  }
}

/** The proofs beside it are those of this machine's log. */
async function writeFiled(
  out: string,
  made: Report,
  settings: Settings,
  { gateway }: ReportedRecord,
  print: Printer,
): Promise<void> {
  const { bundle, elsewhere } = await reportBundle(recordDirectories(settings), gateway, made, systemClock.now());
  writeDirectory(out, made, bundle);
  if (elsewhere > 0)
    print.err(`${elsewhere} records of the report stand in logs of other gateways: make it there as well for their proofs`);
}

/** What cannot be opened is told to whoever makes the report. */
function quietLog(print: Printer): OperationsLog {
  const told = (_fields: unknown, message: string): void => print.err(message);
  return { info: told, warn: told, error: told };
}

function sourcesOf(
  { records, ownLast }: ReportedRecord,
  configuration: Configuration,
  shown: Pick<ReportSources, 'patients' | 'disclosures'>,
  { verify, filed }: { readonly verify: boolean; readonly filed: boolean },
): ReportSources {
  const now = systemClock.now();
  const { settings } = configuration;
  const { audit } = settings;
  return {
    records,
    ...shown,
    clinic: settings.clinic,
    setup: reportSetup(configuration, keptHistory(settings)),
    now,
    mostRows,
    evidence: async () => {
      if (filed) await reachedByCheckpoint(audit.directory, ownLast);
      const verification = verify
        ? await verifyAuditLog({ directories: recordDirectories(settings), publicKeyFile: null })
        : null;
      return reportEvidence(audit.directory, audit.anchors, systemClock, verification);
    },
  };
}

function list(values: Parsed['values'], print: Printer): number {
  if (values['json'] === true) {
    print.out(
      JSON.stringify(reportKinds.map(({ name, title, says, citations, wants }) => ({ name, title, says, citations, wants }))),
    );
    return 0;
  }
  const width = Math.max(...reportKinds.map(({ name }) => name.length)) + 2;
  for (const { name, says } of reportKinds) print.out(`${name.padEnd(width)}${says}`);
  return 0;
}

/** By what was asked for, or by the ending of the file. */
function formOf({ html, csv, json, out, section }: Parsed['values']): ReportForm {
  const asked = forms.filter((_form, at) => [html, csv, json][at] === true);
  if (asked.length > 1) throw new UsageError('Ask for one form: --html, --csv or --json');
  const ending = typeof out === 'string' ? forms.find((form) => out.endsWith(`.${form}`)) : undefined;
  const form = asked[0] ?? ending ?? 'html';
  if (ending !== undefined && form !== ending) throw new UsageError(`--${form} and a file that ends in .${ending} do not fit`);
  if (section !== undefined && form !== 'csv') throw new UsageError('--section needs --csv');
  return form;
}

/** A report that leaves out what was asked would be read as if it had not. */
function refuseAsks({ name, wants, handedOut }: ReportKind, values: Parsed['values']): void {
  if (wants !== null && values[wants] === undefined) throw new UsageError(`"report ${name}" needs --${wants}`);
  for (const other of ['person', 'patient'] as const)
    if (values[other] !== undefined && wants !== other) throw new UsageError(`"report ${name}" knows no --${other}`);
  if (values['for-patient'] === true && handedOut !== true)
    throw new UsageError(`--for-patient is for reports about one patient, and not for "report ${name}"`);
}

function asksOf(values: Parsed['values'], timezone: string, now: number, years?: number): ReportAsks {
  const one = (name: string): string | null => (typeof values[name] === 'string' ? values[name] : null);
  const period = reportPeriod(values, timezone, now, years);
  return {
    period,
    person: one('person'),
    patient: one('patient'),
    forPatient: values['for-patient'] === true,
    seed: seedOf(one('seed')),
  };
}

function seedOf(text: string | null): number | null {
  if (text === null) return null;
  const seed = Number(text);
  if (Number.isSafeInteger(seed) && seed >= 1 && seed <= mostSeed) return seed;
  throw new UsageError(`--seed "${text}" is not a whole number from 1 to ${mostSeed}`);
}

/** In the words of the command line, with the patient as a token. */
function described({ name }: ReportKind, values: Parsed['values'], whose: Asked | null): string {
  const words = texts.flatMap((one) => {
    const value = one === 'patient' ? whose?.told : values[one];
    return typeof value === 'string' && one !== 'config' ? [`${one}=${value}`] : [];
  });
  return [name, ...words, ...(values['for-patient'] === true ? ['for-patient'] : [])].join(', ');
}
