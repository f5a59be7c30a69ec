// `wardgate audit convert`: the log in the formats that other systems take, one record a line. It reads the log in constant memory
// and works beside a running gateway. That it was done is on record before anything is written.

import { createPublicKey } from 'node:crypto';
import { createWriteStream, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { originOf } from '../adapters/audit-checkpoint.ts';
import { recordDeed } from '../adapters/audit-deeds.ts';
import { readAuditRecords } from '../adapters/audit-records.ts';
import type { FoundRecord } from '../adapters/audit-records.ts';
import { systemClock } from '../adapters/clock-system.ts';
import { directoriesOf, parse, UsageError } from './audit-arguments.ts';
import type { Parsed } from './audit-arguments.ts';
import { convertedLines, isConvertForm } from './audit-convert/converted-lines.ts';
import type { Conversion } from './audit-convert/converted-lines.ts';
import { timeArgument } from './audit-search/time-argument.ts';
import { whoAsks } from './control/who-asks.ts';
import { patientsNamed } from './patients/patient-lookup.ts';
import type { Printer } from './printer.ts';

const options = {
  format: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  out: { type: 'string' },
  patients: { type: 'string' },
  'resolve-patients': { type: 'boolean' },
} as const;

/** It names who opened which chart. */
const ownerOnly = 0o600;
const blockCharacters = 65_536;

/** Exit code: 0 written, 1 not or nothing to write. */
export async function convert(args: string[], print: Printer): Promise<number> {
  const { values, logs } = parse(args, options);
  const directories = directoriesOf({ logs });
  const { format, out } = values;
  if (!isConvertForm(format)) throw new UsageError('--format is missing or unknown: say fhir, dicom, csv or jsonl');
  if (typeof out === 'string' && existsSync(out)) throw new UsageError(`"${out}" is there already, name another file with --out`);
  const resolves = values['resolve-patients'] === true;
  if (resolves && format === 'jsonl')
    throw new UsageError('--resolve-patients: lines stand as they are, or their hashes would not fit');
  if (resolves && values['patients'] === undefined)
    throw new UsageError('--resolve-patients needs --patients: the gateway.yaml whose state knows the ids');
  const since = timeOf('since', values) ?? 0;
  const until = timeOf('until', values) ?? Infinity;
  const patients = resolves ? await patientsNamed(values['patients'], print) : null;
  try {
    const conversion: Conversion = { form: format, source: sourceOf(directories), patients, written: 0, unreadable: 0 };
    const isRecorded = await recordDeed(directories, deedOf(format, values));
    if (!isRecorded) print.err('This is a copy of a log: the conversion is not recorded in it');
    const lines = convertedLines(within(readAuditRecords(directories, dayOf(since)), since, until), conversion);
    if (typeof out === 'string') await writeFile(out, lines);
    else for await (const line of lines) print.out(line);
    if (conversion.unreadable > 0) print.err(`${conversion.unreadable} records without a readable time were left out`);
    if (typeof out === 'string') print.out(`Wrote ${conversion.written} records as ${format} to "${out}"`);
    else if (conversion.written === 0) print.err('No record fits');
    return conversion.written === 0 ? 1 : 0;
  } catch (cause) {
    print.err(cause instanceof Error ? cause.message : String(cause));
    return 1;
  } finally {
    patients?.close();
  }
}

/** Whole, or not there. */
async function writeFile(out: string, lines: AsyncIterable<string>): Promise<void> {
  const file = createWriteStream(out, { flags: 'wx', mode: ownerOnly });
  try {
    await pipeline(Readable.from(ended(lines), { highWaterMark: 1 }), file);
  } catch (cause) {
    const isOthers = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    if (!isOthers) rmSync(out, { force: true });
    throw cause;
  }
}

/** Many lines in one write, as one write each would take most of the time. */
async function* ended(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let block = '';
  for await (const line of lines) {
    block += `${line}\n`;
    if (block.length < blockCharacters) continue;
    yield block;
    block = '';
  }
  yield block;
}

/** Without a time there is nothing to leave a record out by, and its kind of trouble is counted further on. */
async function* within(records: AsyncIterable<FoundRecord>, since: number, until: number): AsyncGenerator<FoundRecord> {
  for await (const found of records) {
    const time = Date.parse(String(found.record.fields['time']));
    if (!(time < since || time >= until)) yield found;
  }
}

function timeOf(name: 'since' | 'until', values: Parsed['values']): number | null {
  const text = values[name];
  return typeof text === 'string' ? timeArgument(name, text, 'UTC', systemClock.now()) : null;
}

/** The file of the day before may hold records of this one: a file is named by the day it was begun on. */
function dayOf(since: number): string {
  const dayMilliseconds = 86_400_000;
  return new Date(Math.max(0, since - dayMilliseconds)).toISOString().slice(0, 10);
}

/** The name that the log's checkpoints bear, so that a receiver can tell logs apart. */
function sourceOf([directory = '']: readonly string[]): string {
  const file = join(directory, 'audit-signing.pub');
  return existsSync(file) ? originOf(createPublicKey(readFileSync(file))) : 'wardgate-audit/unknown';
}

function deedOf(format: string, values: Parsed['values']): string {
  const named = (['since', 'until'] as const).flatMap((name) =>
    typeof values[name] === 'string' ? [`${name} ${values[name]}`] : [],
  );
  const which = named.length === 0 ? 'all records' : `records ${named.join(' ')}`;
  const ids = values['resolve-patients'] === true ? ', with the ids of patients,' : '';
  return `${which} were converted to ${format}${ids} by "${whoAsks().replaceAll('"', "'")}"`;
}
