// `wardgate backup`: configuration, stores, keys and access record in one locked file, made beside a running gateway; and
// `wardgate backup --verify`, which reads one wholly. Never overwrites, and never writes anything in the clear.

import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { ReadBackup } from '../adapters/backup-read.ts';
import { BackupRefused } from '../adapters/backup-refused.ts';
import { verifyBackup } from '../adapters/backup-verify.ts';
import { writeBackup } from '../adapters/backup-write.ts';
import { loadSettings } from '../config/load-settings.ts';
import { renderMistake } from '../config/mistake.ts';
import { closingLock, openingLock } from './backup/backup-lock.ts';
import { backupSubject } from './backup/backup-subject.ts';
import { backupAsJson, describeBackup, describeLeftOut, describePostgres } from './backup/describe-backup.ts';
import { terminal } from './printer.ts';
import type { Printer } from './printer.ts';
import { judged, UsageProblem } from './usage-problem.ts';

const usage = `wardgate backup --to FILE (--passphrase-file F | --recipient-key F) [--with-tls-keys]
  [--config config/gateway.yaml] [--json]
wardgate backup --verify FILE (--passphrase-file F | --key F) [--json]

--recipient-key  public key, so that this machine can make backups and not read them; --key is its private half
--with-tls-keys  the private keys of certificates as well`;

const options = {
  to: { type: 'string' },
  verify: { type: 'string' },
  config: { type: 'string', default: 'config/gateway.yaml' },
  'passphrase-file': { type: 'string' },
  'recipient-key': { type: 'string' },
  key: { type: 'string' },
  'with-tls-keys': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

type Given = ReturnType<typeof parse>;

/** Exit code: 0 made or whole, 1 not, 2 wrong usage or a configuration that cannot be used. */
export function backup(args: string[], print: Printer = terminal): Promise<number> {
  return judged(usage, print, () => {
    const given = parse(args);
    return given.verify === undefined ? make(given, print) : verify(given, given.verify, print);
  });
}

function parse(args: string[]) {
  const { values } = parseArgs({ args, options });
  if ((values.to === undefined) === (values.verify === undefined)) throw new UsageProblem('Name either --to or --verify');
  return values;
}

async function make(given: Given, print: Printer): Promise<number> {
  const { to = '', config } = given;
  if (!existsSync(config)) throw new UsageProblem(`Configuration file "${config}" does not exist, name it with --config`);
  const lock = closingLock(given['passphrase-file'], given['recipient-key']);
  const loaded = await loadSettings(config, { secrets: 'optional' });
  if (!loaded.ok) {
    for (const mistake of loaded.mistakes) print.err(renderMistake(mistake));
    return 2;
  }
  const subject = backupSubject(loaded, given['with-tls-keys']);
  const made = await named(`Cannot make the backup "${to}"`, () => writeBackup(to, lock, subject));
  tell(made, given, print, `The backup "${to}" is made, read back and whole`);
  return 0;
}

async function verify(given: Given, file: string, print: Printer): Promise<number> {
  if (!existsSync(file)) throw new UsageProblem(`File "${file}" does not exist`);
  const lock = openingLock(given['passphrase-file'], given.key);
  const read = await named(`The backup "${file}" cannot be used`, () => verifyBackup(file, lock));
  tell(read, given, print, `The backup "${file}" is whole, and its access record is sound`);
  return 0;
}

function tell(read: ReadBackup, { json }: Given, print: Printer, first: string): void {
  const lines = json
    ? [backupAsJson(read)]
    : [first, ...describeBackup(read), ...describePostgres(read), ...describeLeftOut(read)];
  for (const line of lines) print.out(line);
}

/** Puts what it was about before what stood in the way. */
export async function named<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof BackupRefused)) throw cause;
    throw new BackupRefused(`${what}: ${cause.message}`, { cause });
  }
}
