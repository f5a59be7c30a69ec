// `wardgate audit export`: records of a time, a person or a patient with their proofs, and the page that checks them offline. The
// export is itself recorded before anything is written.

import { createPublicKey } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { recordDeed } from '../adapters/audit-deeds.ts';
import { exportRecords } from '../adapters/audit-export.ts';
import type { ExportSelection } from '../adapters/audit-export.ts';
import { systemClock } from '../adapters/clock-system.ts';
import { directoriesOf, named, parse, UsageError } from './audit-arguments.ts';
import { verifierPage } from './export/verifier-page.ts';
import { patientsNamed } from './patients/patient-lookup.ts';
import type { Asked } from './patients/patient-lookup.ts';
import { plainText } from './plain-text.ts';
import type { Printer } from './printer.ts';

const options = {
  from: { type: 'string' },
  to: { type: 'string' },
  person: { type: 'string' },
  patient: { type: 'string' },
  patients: { type: 'string' },
  kept: { type: 'string', multiple: true },
  key: { type: 'string' },
  out: { type: 'string' },
} as const;

/** It names who opened which chart. */
const ownerOnly = { file: 0o600, directory: 0o700 } as const;

/** Exit code: 0 written, 1 not. */
export async function exportBundle(args: string[], print: Printer): Promise<number> {
  const { values, logs } = parse(args, options);
  const directories = directoriesOf({ logs });
  const { out, key } = values;
  if (typeof out !== 'string')
    throw new UsageError('--out is missing: a directory for bundle.json and verifier.html, or a file ending in .json');
  const files = out.endsWith('.json') ? [out] : [join(out, 'bundle.json'), join(out, 'verifier.html')];
  const taken = files.find((file) => existsSync(file));
  if (taken !== undefined) throw new UsageError(`"${taken}" is there already, name another place with --out`);
  const asked = await askedPatient(values, print);
  const selection = { ...selectionOf(values), patient: asked?.told ?? null };
  const kept = named(values['kept'], 'file');
  const publicKey = createPublicKey(
    readFileSync(typeof key === 'string' ? key : join(directories[0] ?? '', 'audit-signing.pub')),
  );
  try {
    const made = new Date(systemClock.now()).toISOString();
    const bundle = await exportRecords(directories, publicKey, { selection, patients: asked?.values ?? null, kept, made });
    const isRecorded = await recordDeed(directories, deedOf(bundle.records.length, selection));
    if (!isRecorded) print.err('This is a copy of a log: the export is not recorded in it');
    write(out, JSON.stringify(bundle));
    print.out(`Exported ${bundle.records.length} records with their proofs to "${out}"`);
    return 0;
  } catch (cause) {
    print.err(cause instanceof Error ? cause.message : String(cause));
    return 1;
  }
}

function write(out: string, bundle: string): void {
  const how = { flag: 'wx', mode: ownerOnly.file } as const;
  if (out.endsWith('.json')) return writeFileSync(out, bundle, how);
  mkdirSync(out, { recursive: true, mode: ownerOnly.directory });
  writeFileSync(join(out, 'bundle.json'), bundle, how);
  writeFileSync(join(out, 'verifier.html'), verifierPage(), how);
}

async function askedPatient({ patient, patients }: Readonly<Record<string, unknown>>, print: Printer): Promise<Asked | null> {
  if (typeof patient !== 'string') return null;
  const lookup = await patientsNamed(patients, print);
  try {
    return await lookup.asked(patient);
  } finally {
    lookup.close();
  }
}

function selectionOf(values: Readonly<Record<string, unknown>>): Omit<ExportSelection, 'patient'> {
  const text = (name: string): string | null => (typeof values[name] === 'string' ? values[name] : null);
  return { from: timeOf(text('from')), to: timeOf(text('to')), person: text('person') };
}

/** A day or a time, as the records write it. */
function timeOf(text: string | null): string | null {
  if (text === null) return null;
  const isForm = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{3})?)?Z)?$/.test(text);
  if (!isForm || Number.isNaN(Date.parse(text)))
    throw new UsageError(`"${plainText(text)}" is not a day or time in UTC, such as 2026-11-23 or 2026-11-23T10:00Z`);
  return new Date(text).toISOString();
}

function deedOf(records: number, { from, to, person, patient }: ExportSelection): string {
  const of = [
    from === null ? '' : ` from ${from}`,
    to === null ? '' : ` before ${to}`,
    person === null ? '' : ` of "${within(person)}"`,
  ];
  const chart = patient === null ? '' : ` of patient "${within(patient)}"`;
  return `${records} records${of.join('')}${chart} were exported with their proofs by "${within(userName())}"`;
}

function within(text: string): string {
  return text.replaceAll('"', "'").slice(0, 80);
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'somebody without a name on this machine';
  }
}
