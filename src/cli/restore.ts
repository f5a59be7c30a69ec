// `wardgate restore`: puts a backup into an empty directory, whole or not at all, and says what is left to do by hand. The
// restored access record tells that it was restored. Never overwrites, and never touches what a running gateway holds.

import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { elsewhere } from '../adapters/backup-places.ts';
import type { Restored } from '../adapters/restore-backup.ts';
import { restoreBackup } from '../adapters/restore-backup.ts';
import { named } from './backup.ts';
import { openingLock } from './backup/backup-lock.ts';
import { backupAsJson, describeBackup, describeLeftOut, describePostgres } from './backup/describe-backup.ts';
import { plainText } from './plain-text.ts';
import { terminal } from './printer.ts';
import type { Printer } from './printer.ts';
import { judged, UsageProblem } from './usage-problem.ts';

const usage = `wardgate restore FILE --to DIRECTORY (--passphrase-file F | --key F) [--by NAME] [--json]

DIRECTORY is empty or not there yet
--key  private key, of a backup that was made with --recipient-key
--by   who restores, for the access record; the account on this machine stands there in any case`;

const options = {
  to: { type: 'string' },
  'passphrase-file': { type: 'string' },
  key: { type: 'string' },
  by: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

/** Exit code: 0 restored, 1 not, 2 wrong usage. */
export function restore(args: string[], print: Printer = terminal): Promise<number> {
  return judged(usage, print, async () => {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [file] = positionals;
    const { to } = values;
    if (file === undefined || positionals.length > 1) throw new UsageProblem('Name the one file to restore');
    if (to === undefined) throw new UsageProblem('Option --to is missing');
    if (!existsSync(file)) throw new UsageProblem(`File "${file}" does not exist`);
    const secret = openingLock(values['passphrase-file'], values.key);
    const by = values.by === undefined ? account() : `${values.by} (${account()})`;
    const restored = await named(`Cannot restore "${file}" to "${to}"`, () => restoreBackup({ file, to, secret, by }));
    for (const line of values.json ? [backupAsJson(restored)] : describe(restored, to)) print.out(line);
    return 0;
  });
}

/** A container may run under a number that has no name. */
function account(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}

function describe(restored: Restored, to: string): string[] {
  const moves = movesOf(restored);
  return [
    `"${to}" holds the backup, whole`,
    ...describeBackup(restored),
    `Record ${restored.sequence} of the access record says that it was restored; what was recorded after the backup is not in it`,
    ...(moves.length === 0 ? [] : ['Move, because gateway.yaml names another place:']),
    ...moves.map(([from, back]) => `  ${join(to, plainText(from))} to ${plainText(back)}`),
    ...describePostgres(restored, true),
    ...describeLeftOut(restored),
    `Give it to the account that runs the gateway, run "wardgate check", then start.${restored.manifest.postgres === undefined ? ' People sign in again.' : ''}`,
  ];
}

/** What does not lie below the configuration's directory: from where it is now to where it was. */
function movesOf({ manifest: { files } }: Restored): readonly (readonly [string, string])[] {
  const moves = new Map<string, string>();
  for (const { to, from } of files) {
    const [top, root = '', ...below] = to.split('/');
    if (top !== elsewhere) continue;
    const isSingle = root === 'files' || below.length === 0;
    const tail = below.join('/').length + 1;
    if (isSingle) moves.set(to, from);
    else moves.set(`${elsewhere}/${root}`, from.slice(0, -tail));
  }
  return [...moves];
}
