// Writes a day through the log's own writer, then indexes, verifies, searches and reports it, and says of each how long it
// took and how much memory there was at its end.

import { createSecretKey, randomBytes } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AuditIndexing } from '../../src/adapters/audit-indexing.ts';
import { countHours, searchIndex } from '../../src/adapters/audit-index-search.ts';
import { openAuditLog } from '../../src/adapters/audit-log-file.ts';
import { AuditTree } from '../../src/adapters/audit-tree.ts';
import { verifyAuditLog } from '../../src/adapters/audit-verify.ts';
import { patientToken } from '../../src/adapters/patient-key.ts';
import { reportEvidence } from '../../src/adapters/report-evidence.ts';
import { directReportRecords } from '../../src/adapters/report-records-direct.ts';
import { keptHistory } from '../../src/cli/report/kept-history.ts';
import { reportSetup } from '../../src/compose/report-setup.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import { makeReport } from '../../src/reports/make-report.ts';
import { reportKinds } from '../../src/reports/report-kinds.ts';
import type { ReportSources } from '../../src/report-ports.ts';
import { dayOf } from './clinic-day.ts';
import type { DayOptions } from './clinic-day.ts';

export interface DayStep {
  readonly what: string;
  readonly seconds: number;
  readonly residentMegabytes: number;
  /** What came of it: records, rows, bytes. */
  readonly count: number;
}

export interface DayRun {
  readonly steps: readonly DayStep[];
  readonly records: number;
  readonly sound: boolean;
  readonly reports: ReadonlyMap<string, Awaited<ReturnType<typeof makeReport>>>;
  readonly index: AuditIndexing;
}

/** Records on their way to the disk at once. */
const together = 2000;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** `directory` is empty; close the index of what comes back. */
export async function runDay(directory: string, given: Omit<DayOptions, 'tokenOf'>): Promise<DayRun> {
  const key = createSecretKey(randomBytes(32));
  const tokenOf = (id: string): string => patientToken(key, id);
  const options = { ...given, tokenOf };
  const audit = join(directory, 'audit');
  const steps: DayStep[] = [];
  const step = async <T>(what: string, work: () => Promise<T> | T, count: (done: T) => number): Promise<T> => {
    const began = performance.now();
    const done = await work();
    const seconds = (performance.now() - began) / 1000;
    steps.push({ what, seconds, residentMegabytes: process.memoryUsage().rss / 1e6, count: count(done) });
    return done;
  };
  const records = await step(
    'write it, records',
    () => writeDay(audit, options),
    (written) => written,
  );
  const clock = { now: () => options.began + 86_400_000 - 1, monotonic: () => performance.now() };
  const signingKeyFile = join(directory, 'audit-signing.key');
  const tree = new AuditTree({ directories: [audit], signingKeyFile, anchors: [], keepSeconds: 3600 }, clock);
  await step(
    'grow the tree over it, records',
    async () => growTree(tree, records),
    (size) => size,
  );
  const index = new AuditIndexing({ directories: [audit], indexFile: join(directory, 'index.db') });
  await step(
    'index it, records',
    () => index.catchUp(() => Promise.resolve()),
    () => records,
  );
  const verified = await step(
    'verify it, bytes',
    () => verifyAuditLog({ directories: [audit], publicKeyFile: null }),
    () => bytesIn(audit),
  );
  await searches(step, index, options);
  const reports = await allReports(step, index, audit, options);
  return { steps, records, sound: verified.sound, reports, index };
}

type Step = <T>(what: string, work: () => Promise<T> | T, count: (done: T) => number) => Promise<T>;

async function writeDay(directory: string, options: DayOptions): Promise<number> {
  let now = options.began;
  const clock = { now: () => now, monotonic: () => performance.now() };
  const log = await openAuditLog({ directory, fallbackDirectory: null, boot: 'day', clock, log: silent });
  let waiting: Promise<unknown>[] = [];
  let written = 0;
  const settle = async (): Promise<void> => {
    await Promise.all(waiting);
    waiting = [];
  };
  try {
    for (const entry of dayOf(options)) {
      now = Math.max(now, entry.time);
      waiting.push(Promise.resolve(log.append(entry)).then(async ({ durable }) => durable));
      written += 1;
      if (waiting.length === together) await settle();
    }
    await settle();
  } finally {
    await log.close();
  }
  return written;
}

async function growTree(tree: AuditTree, records: number): Promise<number> {
  let size = 0;
  // A look takes some of a long record; the next goes on.
  while (size < records) {
    const looked = await tree.look(true);
    if (looked.size === size) break;
    ({ size } = looked);
  }
  return size;
}

async function searches(
  step: Step,
  { index: { database } }: AuditIndexing,
  { began, people, patients, tokenOf }: DayOptions,
): Promise<void> {
  const many = <T>(work: (at: number) => T) => Array.from({ length: 100 }, (_none, at) => work(at));
  const rows = (found: readonly number[]): number => found.reduce((sum, one) => sum + one, 0);
  const person = (at: number) => searchIndex(database, { person: `person${(at * 37) % people}` }, 200).requests.length;
  const patient = (at: number) =>
    searchIndex(database, { patient: [tokenOf(String((at * 613) % patients))] }, 200).requests.length;
  await step('100 pages of a person, rows', () => many(person), rows);
  await step('100 pages of a patient, rows', () => many(patient), rows);
  await step('100 histograms of the day, hours', () => many(() => countHours(database, began, began + 86_399_999).length), rows);
}

async function allReports(step: Step, { index }: AuditIndexing, audit: string, { began, tokenOf }: DayOptions) {
  const clock = { now: () => began + 86_400_000, monotonic: () => performance.now() };
  const sources: ReportSources = {
    records: directReportRecords(index.database, { pause: () => Promise.resolve(), longest: Infinity }),
    patients: { show: () => Promise.resolve(new Map()), tokensOf: (id) => Promise.resolve([tokenOf(id)]) },
    disclosures: { open: () => Promise.resolve(null), suspensions: () => Promise.resolve([]) },
    setup: await shippedSetup(audit),
    clinic: { name: 'Northside', timezone: 'UTC', hours: [], language: 'en' },
    now: clock.now(),
    mostRows: 100_000,
    evidence: () => Promise.resolve(reportEvidence(audit, [], clock, null)),
  };
  const asks = {
    period: { since: began, until: began + 86_400_000, month: null },
    person: 'person0',
    patient: '7',
    forPatient: false,
    seed: 1,
  };
  const reports = new Map<string, Awaited<ReturnType<typeof makeReport>>>();
  for (const kind of reportKinds) {
    const made = await step(`report: ${kind.name}, rows`, () => makeReport(kind, asks, sources), ({ sections }) => sections.reduce((sum, { rows }) => sum + rows.length, 0)); // prettier-ignore
    reports.set(kind.name, made);
  }
  return reports;
}

/** What reports say of the gateway itself: the configuration that is shipped. */
async function shippedSetup(dataDirectory: string): Promise<ReportSources['setup']> {
  const file = fileURLToPath(new URL('../../config/gateway.yaml', import.meta.url));
  const loaded = await loadConfiguration(file, { secrets: 'optional' });
  if (!loaded.ok) throw new Error('The configuration that is shipped is not sound');
  const { settings } = loaded.configuration;
  return reportSetup(loaded.configuration, keptHistory({ ...settings, dataDirectory }));
}

function bytesIn(directory: string): number {
  return readdirSync(directory).filter((name) => name.endsWith('.jsonl')).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0); // prettier-ignore
}
