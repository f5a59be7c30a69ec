// Says in words what a backup holds and what it does not.

import { basename } from 'node:path';
import type { BackupKind } from '../../adapters/backup-manifest.ts';
import type { ReadBackup } from '../../adapters/backup-read.ts';
import { plainText } from '../plain-text.ts';

const kinds: Readonly<Record<Exclude<BackupKind, 'audit'>, string>> = {
  configuration: 'configuration',
  certificate: 'certificates',
  key: 'keys',
  store: 'stores',
};

/** One line each, without what was left out. */
export function describeBackup({ manifest, bytes, sha256 }: ReadBackup): string[] {
  const { made, host, program, audit, files } = manifest;
  const lines = Object.entries(kinds).flatMap(([kind, said]) => {
    const names = files.filter((file) => file.kind === kind).map(({ from }) => plainText(basename(from)));
    return names.length === 0 ? [] : [`  ${said.padEnd(15)}${names.join(', ')}`];
  });
  const audited = files.filter(({ kind, to }) => kind === 'audit' && /\.jsonl(?:\.gz)?$/.test(to));
  const segments = audited.length;
  const first = audited.find((file) => file.first !== null)?.first ?? 1;
  return [
    `Made ${made} on ${plainText(host)} by Wardgate ${plainText(program)}; ${bytes} bytes, SHA-256 ${sha256}`,
    ...lines,
    `  ${'access record'.padEnd(15)}records ${first} to ${audit.sequence} in ${segments} ${segments === 1 ? 'file' : 'files'}, up to ${plainText(audit.time)}`,
  ];
}

/** `restored`: where a backup of the same time is to go. */
export function describePostgres({ manifest: { postgres } }: ReadBackup, restored = false): string[] {
  if (postgres === undefined) return [];
  const [url, schema] = [plainText(postgres.url), plainText(postgres.schema)];
  const rows = `Not in it: what stands in PostgreSQL, schema "${schema}": sessions, second factors, EHR passwords, cases and whoever may not come in any more`;
  if (!restored) {
    return [`${rows}. Save that at the same time:`, `  pg_dump --format=custom --schema=${schema} --file=FILE '${url}'`];
  }
  return [
    `${rows}. Where PostgreSQL is lost too, put its own backup back before a gateway starts:`,
    `  pg_restore --clean --if-exists --exit-on-error --single-transaction --dbname='${url}' FILE`,
    'The stores above hold imports, and rows of before the gateway moved to PostgreSQL, which nobody uses any more',
  ];
}

export function describeLeftOut({ manifest: { leftOut } }: ReadBackup): string[] {
  if (leftOut.length === 0) return [];
  return ['Not in it, keep a copy elsewhere and put it back after a restore:', ...leftOut.map((one) => `  ${plainText(one)}`)];
}

/** For a script. */
export function backupAsJson({ manifest, bytes, sha256 }: ReadBackup): string {
  return JSON.stringify({ ...manifest, bytes, sha256 });
}
