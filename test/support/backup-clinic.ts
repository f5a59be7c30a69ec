// What tests of backups on the command line share: a passphrase in a file, commands run to their end, and what they have left.

import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Printer } from '../../src/cli/printer.ts';
import { command } from './command.ts';
import type { Command } from './command.ts';

export const passphrase = 'correct horse battery staple';

/** A file with the passphrase, for its owner alone. */
export function passphraseFile(directory: string, text = passphrase): string {
  const file = join(directory, 'passphrase');
  writeFileSync(file, `${text}\n`, { mode: 0o600 });
  return file;
}

export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a command to its end. */
export async function said(...args: string[]): Promise<Said> {
  return endOf(command(args));
}

/** Runs a command in this process, which is quicker. */
export async function told(run: (args: string[], print: Printer) => Promise<number>, ...args: string[]): Promise<Said> {
  const lines = { out: '', err: '' };
  const print = {
    out: (line: string) => void (lines.out += `${line}\n`),
    err: (line: string) => void (lines.err += `${line}\n`),
  };
  return { code: await run(args, print), ...lines };
}

async function endOf(running: Command): Promise<Said> {
  const { code } = await running.ended;
  return { code, out: running.stdout(), err: running.stderr() };
}

/** Every name in a directory that tells of something unfinished. */
export function unfinished(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.part|\.restoring|\.backup-/.test(name),
  );
}
