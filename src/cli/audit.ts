// `wardgate audit verify` and `wardgate audit show`: check and read a log on the machine where its files are. Neither
// changes anything, and both work while the gateway is running.

import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readAuditRecords } from '../adapters/audit-records.ts';
import type { FoundRecord } from '../adapters/audit-records.ts';
import { verifyAuditLog } from '../adapters/audit-verify.ts';
import type { AuditVerification } from '../adapters/audit-verify.ts';
import { plainText } from './plain-text.ts';
import { terminal } from './printer.ts';
import type { Printer } from './printer.ts';

const usage = `Usage: wardgate audit verify --dir DIRECTORY [--also DIRECTORY] [--key FILE] [--json]
       wardgate audit show --dir DIRECTORY [--also DIRECTORY] [--patient ID] [--person NAME] [--last NUMBER] [--json]

--also  the fallback directory, where the log went on there for a time
--key   the public key, kept elsewhere than beside the log`;

const yes = 0;
const no = 1;
const wrongUsage = 2;
const defaultLast = 50;
const mostLast = 100_000;

/** Exit code: 0 sound (or found), 1 not, 2 wrong usage. */
export async function auditCommand(args: string[], print: Printer = terminal): Promise<number> {
  const [command, ...rest] = args;
  try {
    if (command === 'verify') return await verify(rest, print);
    if (command === 'show') return await show(rest, print);
    throw new UsageError(command === undefined ? 'A command is missing' : `There is no command "audit ${command}"`);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    print.err(cause.message);
    if (cause instanceof UsageError) print.err(usage);
    return wrongUsage;
  }
}

class UsageError extends Error {}

async function verify(args: string[], print: Printer): Promise<number> {
  const { values } = parse(args, { key: { type: 'string' } });
  const publicKeyFile = typeof values['key'] === 'string' ? values['key'] : null;
  const result = await verifyAuditLog({ directories: directoriesOf(values), publicKeyFile });
  if (values['json'] === true) print.out(JSON.stringify(result));
  else for (const line of describe(result)) print.out(line);
  return result.sound ? yes : no;
}

function describe(result: AuditVerification): string[] {
  const lines = [...result.restored.map(describeRestoration), ...result.notes.map((note) => `Note: ${note}`)];
  const key = result.key === null ? '' : `; signing key ${result.key}`;
  if (result.flaw !== null) {
    const { file, line, sequence, what } = result.flaw;
    const place = [`"${plainText(file)}"`, line === null ? [] : `line ${line}`, sequence === null ? [] : `record ${sequence}`]
      .flat()
      .join(', ');
    return [`Not sound: ${place}: ${what}`, `${result.records} records before that are sound${key}`, ...lines];
  }
  const sound = result.restored.length === 0 ? 'Sound' : 'Sound, but restored from a backup and so not unbroken';
  const behind = result.afterHead === 0 ? '' : `, ${result.afterHead} of them behind the signed head`;
  return [`${sound}: ${result.records} records, the last is number ${result.lastSequence}${behind}${key}`, ...lines];
}

function describeRestoration({ sequence, time, backup, by }: AuditVerification['restored'][number]): string {
  const from = `record ${sequence} (${plainText(time)}, by ${plainText(by)}) follows the backup of ${plainText(backup)}`;
  return `Restored: ${from}; what was recorded between the two times is not in this log`;
}

async function show(args: string[], print: Printer): Promise<number> {
  const { values } = parse(args, { patient: { type: 'string' }, person: { type: 'string' }, last: { type: 'string' } });
  const last = lastOf(values['last']);
  const kept: FoundRecord[] = [];
  for await (const found of readAuditRecords(directoriesOf(values))) {
    if (!matches(found, values['patient'], values['person'])) continue;
    kept.push(found);
    if (kept.length > 2 * last) kept.splice(0, kept.length - last);
  }
  for (const found of kept.slice(-last)) print.out(values['json'] === true ? found.text : describeRecord(found));
  if (kept.length === 0) print.err('No record matches');
  return kept.length === 0 ? no : yes;
}

function matches({ record: { fields } }: FoundRecord, patient: unknown, person: unknown): boolean {
  if (patient !== undefined && fields['patient'] !== patient) return false;
  if (person === undefined) return true;
  const { name, sub, machine } = Object(fields['subject']) as Record<string, unknown>;
  return name === person || sub === person || machine === person;
}

function describeRecord({ record: { sequence, event, fields } }: FoundRecord): string {
  const { name, machine } = Object(fields['subject']) as Record<string, unknown>;
  const who = machine === undefined ? plainText(name ?? fields['address'] ?? '-') : `machine ${plainText(machine)}`;
  const order = ['method', 'target', 'patient', 'rule', 'decision', 'reason', 'status', 'detail'];
  const said = order.flatMap((key) =>
    fields[key] === undefined ? [] : [key === 'patient' ? `patient=${plainText(fields[key])}` : plainText(fields[key])],
  );
  return [sequence, plainText(fields['time']), event.padEnd(10), who, ...said].join('  ');
}

function lastOf(value: unknown): number {
  if (typeof value !== 'string') return defaultLast;
  const last = Number(value);
  if (Number.isInteger(last) && last >= 1 && last <= mostLast) return last;
  throw new UsageError(`"${value}" is not a number of records from 1 to ${mostLast}`);
}

function parse(args: string[], more: Record<string, { type: 'string' }>): { readonly values: Readonly<Record<string, unknown>> } {
  try {
    const options = {
      dir: { type: 'string' },
      also: { type: 'string', multiple: true },
      json: { type: 'boolean' },
      ...more,
    } as const;
    return parseArgs({ args, options, strict: true, allowPositionals: false });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function directoriesOf(values: Readonly<Record<string, unknown>>): string[] {
  const { dir, also } = values;
  if (typeof dir !== 'string') throw new UsageError('--dir is missing');
  const directories = [dir, ...(Array.isArray(also) ? also.map(String) : [])];
  const missing = directories.find((directory) => !existsSync(directory));
  if (missing !== undefined) throw new UsageError(`There is no directory "${missing}"`);
  return directories;
}
