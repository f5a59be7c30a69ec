// `wardgate audit reconcile`: compares the EHR's own access log with our record, and lists what reached the EHR without us.
// It stands on record before it reads, and again with what it found before it shows that.

import { join } from 'node:path';
import { readDuration } from '../config/quantity.ts';
import type { LogFormat } from '../core/audit/reconcile/ehr-request.ts';
import { plainAddress } from '../core/audit/reconcile/plain-address.ts';
import { numberLogs } from '../adapters/logs-together.ts';
import { named, parse, someLogs, UsageError } from './audit-arguments.ts';
import type { Parsed } from './audit-arguments.ts';
import { atWallClock } from '../core/time/at-wall-clock.ts';
import { logSource, recordSource } from './recorded/record-source.ts';
import type { RecordSource } from './recorded/record-source.ts';
import { recordSearch } from './audit-search/record-search.ts';
import { timeArgument } from './audit-search/time-argument.ts';
import { patientLookup, patientsNamed } from './patients/patient-lookup.ts';
import type { PatientLookup } from './patients/patient-lookup.ts';
import type { Printer } from './printer.ts';
import { formatOf, noCounts } from './reconcile/read-ehr-logs.ts';
import { reconcileLogs } from './reconcile/reconcile-logs.ts';
import { asCsv } from './reconcile/reconciled-csv.ts';
import { asJson, asText, unexplained } from './reconcile/reconciled-text.ts';
import type { Told } from './reconcile/reconciled-text.ts';
import { soundConfiguration } from './sound-configuration.ts';

interface Place {
  readonly source: RecordSource;
  readonly timezone: string;
  readonly patients: PatientLookup;
  record(what: string): Promise<void>;
}

const text = { type: 'string' } as const;
const several = { type: 'string', multiple: true } as const;
const options = {
  'ehr-log': several,
  gateway: several,
  format: text,
  config: text,
  patients: text,
  application: text,
  since: text,
  until: text,
  tolerance: text,
  csv: { type: 'boolean' },
} as const;
const longestToleranceSeconds = 3600;

/** Exit code: 0 everything is explained, 1 something is not, 2 wrong usage. */
export async function reconcile(args: string[], print: Printer): Promise<number> {
  const { values, positionals, logs } = parse(args, options, true);
  // A shell spreads `access.log*` over several words.
  const files = named([...listed(values['ehr-log']), ...positionals], 'file');
  if (files.length === 0) throw new UsageError('--ehr-log is missing: the access log of the EHR');
  const toleranceSeconds = toleranceOf(values['tolerance']);
  const given = formatGiven(values['format']);
  const place = await placeOf(values, logs, print);
  if (place === null) return 2;
  try {
    return await compare({ values, files, toleranceSeconds, given, place, print });
  } finally {
    place.patients.close();
    await place.source.close();
  }
}

interface Comparison {
  readonly values: Parsed['values'];
  readonly files: readonly string[];
  readonly toleranceSeconds: number;
  readonly given: LogFormat | null;
  readonly place: Place;
  readonly print: Printer;
}

async function compare({ values, files, toleranceSeconds, given, place, print }: Comparison): Promise<number> {
  const period = periodOf(values, place.timezone);
  await place.record(described(values, files));
  const clock = { now: Date.now(), fromWall: (shown: number) => atWallClock(shown, place.timezone) };
  const format = given ?? (await formatOf(files[0] ?? '', clock));
  const counts = noCounts();
  const gateways = listed(values['gateway']).map(plainAddress);
  const answer = await reconcileLogs({
    logs: { files, format, clock, counts },
    source: place.source,
    application: typeof values['application'] === 'string' ? values['application'] : null,
    tokenOf: place.patients.tokenOf,
    gateways: new Set(gateways),
    toleranceMilliseconds: toleranceSeconds * 1000,
    ...period,
  });
  const { missing } = place.source;
  const told: Told = { answer, counts, format, toleranceSeconds, gateways, timezone: place.timezone, missing };
  const found = unexplained(told);
  await place.record(`found ${found} unexplained, ${answer.matched} matched of ${counts.requests} requests`);
  for (const line of linesOf(told, values)) print.out(line);
  return found === 0 ? 0 : 1;
}

function linesOf(told: Told, values: Parsed['values']): string[] {
  if (values['json'] === true) return [asJson(told)];
  return values['csv'] === true ? asCsv(told) : asText(told);
}

/** The record of a configuration, or copies of logs. Null where the configuration has mistakes, which are printed. */
async function placeOf(values: Parsed['values'], logs: Parsed['logs'], print: Printer): Promise<Place | null> {
  const { config, application, patients } = values;
  if (logs.length > 0) {
    if (config !== undefined) throw new UsageError('--dir and --config cannot stand together');
    // A copy of a log belongs to whoever holds it; there is no gateway whose record this could stand on.
    const source = logSource(numberLogs(someLogs({ logs }).map(({ directories }) => directories)));
    const lookup = await patientsNamed(patients, print);
    return { source, timezone: 'UTC', patients: lookup, record: () => Promise.resolve() };
  }
  if (patients !== undefined) throw new UsageError('--patients needs --dir: a gateway has patients of its own');
  const configuration = await soundConfiguration(typeof config === 'string' ? config : join('config', 'gateway.yaml'), print);
  if (configuration === null) return null;
  const { settings } = configuration;
  if (typeof application === 'string' && !settings.applications.has(application))
    throw new UsageError(`There is no application "${application}": one of ${[...settings.applications.keys()].join(', ')}`);
  return {
    source: await recordSource(settings),
    timezone: settings.clinic.timezone,
    patients: await patientLookup(settings, print),
    record: (what) => recordSearch(settings, what, 'audit reconcile'),
  };
}

function periodOf(values: Parsed['values'], timezone: string): { since: number; until: number } {
  const { since, until } = values;
  const now = Date.now();
  return {
    since: typeof since === 'string' ? timeArgument('since', since, timezone, now) : -Infinity,
    until: typeof until === 'string' ? timeArgument('until', until, timezone, now) : Infinity,
  };
}

/** In the words of the command line. */
function described(values: Parsed['values'], files: readonly string[]): string {
  const words = ['application', 'gateway', 'since', 'until', 'tolerance', 'format'].flatMap((name) =>
    listed(values[name]).map((value) => `${name}=${value}`),
  );
  return [...words, `ehr-log=${files.join(' ')}`].join(', ');
}

function toleranceOf(value: unknown): number {
  const read = readDuration(typeof value === 'string' ? value : '120s');
  if ('problem' in read || read.value < 1 || read.value > longestToleranceSeconds)
    throw new UsageError(`--tolerance "${listed(value).join()}" is not a time from 1s to 1h, such as 120s`);
  return read.value;
}

function formatGiven(value: unknown): LogFormat | null {
  if (value === undefined || value === 'common' || value === 'combined' || value === 'orthanc') return value ?? null;
  throw new UsageError(`--format "${listed(value).join()}" is none of common, combined, orthanc`);
}

/** Of an option that may stand more than once, or once, or does not stand. */
function listed(value: unknown): string[] {
  return [value].flat().filter((one) => typeof one === 'string');
}
