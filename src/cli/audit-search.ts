// `wardgate audit search`: who opened what, out of the index over the log, or the one that several gateways share. It brings the
// index up to the log of this machine first, works beside a running gateway, and stands on record itself.

import { join } from 'node:path';
import { mostRequests } from '../adapters/audit-index-search.ts';
import { numberLogs } from '../adapters/logs-together.ts';
import { readRecordName } from '../core/audit/record-number.ts';
import { hideIds } from '../core/patients/hide-ids.ts';
import type { TokenOf } from '../core/patients/hide-ids.ts';
import { textsOf } from '../core/patients/show-patients.ts';
import type { RecordQuery } from '../search-ports.ts';
import { parse, someLogs, UsageError } from './audit-arguments.ts';
import type { Parsed } from './audit-arguments.ts';
import { recordSearch } from './audit-search/record-search.ts';
import { timeArgument } from './audit-search/time-argument.ts';
import { hoursText, requestsText } from './audit-search/found-text.ts';
import type { FoundForm } from './audit-search/found-text.ts';
import { searchedBy, searchedLog, searchedLogs } from './audit-search/searched.ts';
import type { PagePlace, Searched } from './audit-search/searched.ts';
import { patientLookup, patientsNamed, untoldId } from './patients/patient-lookup.ts';
import type { PatientLookup } from './patients/patient-lookup.ts';
import type { Printer } from './printer.ts';
import { soundConfiguration } from './sound-configuration.ts';

/** Options that are one text each, and the field of the query that each fills. */
const asked = ['person', 'rule', 'decision', 'category', 'action', 'address', 'event', 'request', 'text'] as const;
const others = ['patient', 'patients', 'config', 'index', 'since', 'until', 'before', 'last'] as const;
const defaultLast = 50;

interface Place {
  /** How many copied logs; 1 of a configuration. */
  readonly logs: number;
  open(): Promise<Searched>;
  readonly timezone: string;
  readonly patients: PatientLookup;
  /** Puts on record what is searched for; throws where it cannot. */
  record(what: string): Promise<void>;
}

/** Exit code: 0 found, 1 nothing fits, 2 wrong usage. */
export async function search(args: string[], print: Printer): Promise<number> {
  const texts = Object.fromEntries([...asked, ...others].map((name) => [name, { type: 'string' as const }]));
  const { values, logs } = parse(args, {
    ...texts,
    csv: { type: 'boolean' },
    hours: { type: 'boolean' },
    review: { type: 'boolean' },
  });
  const place = await placeOf(values, logs, print);
  if (place === null) return 1;
  try {
    return await found(values, place, print);
  } finally {
    place.patients.close();
  }
}

async function found(values: Parsed['values'], place: Place, print: Printer): Promise<number> {
  const { patient } = values;
  const whose = typeof patient === 'string' ? await place.patients.asked(patient) : null;
  const query = { ...queryOf(values, place.timezone), ...(whose === null ? {} : { patient: whose.values }) };
  const before = beforeOf(values['before'], place.logs);
  const form: FoundForm = values['json'] === true ? 'json' : values['csv'] === true ? 'csv' : 'text';
  // No record, no access: what was asked for is on record before anything of it is shown.
  await place.record(describeQuery(values, whose?.told ?? null, place.patients.tokenOf));
  const searched = await place.open();
  try {
    for (const one of searched.missing) print.err(one);
    if (values['hours'] === true) {
      const { since = 0, until = Date.now() } = query;
      const hours = await searched.hours(since, until - 1);
      for (const line of hoursText(hours, form, place.timezone)) print.out(line);
      return hours.length === 0 ? 1 : 0;
    }
    const page = await searched.page(query, before, lastOf(values['last']));
    const known = await place.patients.shown(textsOf(page.requests));
    for (const line of requestsText(page.requests, form, place.timezone, known)) print.out(line);
    if (page.requests.length === 0) print.err('No record fits');
    if (page.next !== null && form === 'text') print.err(`There are more: --before ${page.next}`);
    return page.requests.length === 0 ? 1 : 0;
  } finally {
    await searched.close();
  }
}

/** The log of a configuration, or a copy of one by its directory. Null where the configuration has mistakes, which are printed. */
async function placeOf(values: Parsed['values'], logs: Parsed['logs'], print: Printer): Promise<Place | null> {
  const { index, config, patients } = values;
  if (logs.length > 0) {
    if (config !== undefined) throw new UsageError('--dir and --config cannot stand together');
    if (typeof index !== 'string')
      throw new UsageError('--index is missing: a file for the search index of that log, or a directory for those of several');
    const read = numberLogs(someLogs({ logs }).map(({ directories }) => directories));
    const [only] = read;
    const isOne = only !== undefined && read.length === 1;
    // A copy of a log belongs to whoever holds it; there is no gateway whose record this could stand on.
    return {
      logs: read.length,
      open: () => (isOne ? searchedLog(only.directories, index) : searchedLogs(read, index)),
      timezone: 'UTC',
      patients: await patientsNamed(patients, print),
      record: () => Promise.resolve(),
    };
  }
  if (patients !== undefined) throw new UsageError('--patients needs --dir: a gateway has patients of its own');
  if (index !== undefined) throw new UsageError('--index needs --dir: a gateway has an index of its own');
  const configuration = await soundConfiguration(typeof config === 'string' ? config : join('config', 'gateway.yaml'), print);
  if (configuration === null) return null;
  const { settings } = configuration;
  return {
    logs: 1,
    open: () => searchedBy(settings),
    timezone: settings.clinic.timezone,
    patients: await patientLookup(settings, print),
    record: (what) => recordSearch(settings, what),
  };
}

function queryOf(values: Parsed['values'], timezone: string): RecordQuery {
  const query: Record<string, unknown> = {};
  for (const name of asked) if (typeof values[name] === 'string') query[name] = values[name];
  for (const name of ['since', 'until'])
    if (typeof values[name] === 'string') query[name] = timeArgument(name, values[name], timezone, Date.now());
  if (values['review'] === true) query['review'] = true;
  return query;
}

/** In the words of the command line, and without an id: a record of a search must not name the patient either. */
function describeQuery(values: Parsed['values'], whose: string | null, tokenOf: TokenOf | null): string {
  const told = [...asked, ...others].filter((name) => name !== 'config' && name !== 'patients');
  const words = told.flatMap((name) => {
    const value = name === 'patient' ? whose : values[name];
    if (typeof value !== 'string') return [];
    return [`${name}=${name === 'text' ? hideIds(value, tokenOf ?? (() => untoldId)) : value}`];
  });
  return words.length === 0 ? 'everything' : words.join(', ');
}

/** One record, or of several logs the last one shown of each. */
function beforeOf(value: unknown, logs: number): PagePlace {
  if (typeof value !== 'string') return [];
  const place = value.split(',').map(readRecordName);
  const read = place.filter((number) => number !== null);
  if (read.length === place.length && read.length <= logs) return read;
  throw new UsageError(`--before "${value}" is not the number of a record, such as 123 or 2/123`);
}

function lastOf(value: unknown): number {
  return typeof value === 'string' ? whole('last', value, mostRequests) : defaultLast;
}

function whole(name: string, value: string, most: number): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= 1 && number <= most) return number;
  throw new UsageError(`--${name} "${value}" is not a whole number from 1 to ${most}`);
}
