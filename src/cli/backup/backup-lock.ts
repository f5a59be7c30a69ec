// Reads what locks or opens a backup from the options: a passphrase file, or a key in PEM form. Never prints either.

import type { BackupLock } from '../../adapters/backup-keys.ts';
import { readPrivateFile } from '../private-file.ts';
import { UsageProblem } from '../usage-problem.ts';
import { existsSync, readFileSync } from 'node:fs';

const mostBytes = 16_384;

/** The private half of a key pair, or the passphrase. Throws a UsageProblem where not exactly one is named. */
export function openingLock(passphraseFile: string | undefined, keyFile: string | undefined): BackupLock {
  onlyOne('--passphrase-file', passphraseFile, '--key', keyFile);
  if (passphraseFile !== undefined) return passphraseIn(passphraseFile);
  return { pem: readPrivateFile(keyFile ?? '', mostBytes, 'whoever read it can open every backup').toString('utf8') };
}

/** The public half of a key pair, or the passphrase. */
export function closingLock(passphraseFile: string | undefined, recipientFile: string | undefined): BackupLock {
  onlyOne('--passphrase-file', passphraseFile, '--recipient-key', recipientFile);
  if (passphraseFile !== undefined) return passphraseIn(passphraseFile);
  if (recipientFile === undefined || !existsSync(recipientFile)) throw new UsageProblem(`File "${recipientFile}" does not exist`);
  return { pem: readFileSync(recipientFile, 'utf8') };
}

function passphraseIn(file: string): BackupLock {
  const text = readPrivateFile(file, mostBytes, 'choose another passphrase').toString('utf8');
  return { passphrase: text.replace(/\r?\n$/, '') };
}

function onlyOne(one: string, first: string | undefined, other: string, second: string | undefined): void {
  if (first === undefined && second === undefined)
    throw new UsageProblem(`Name ${one} or ${other}: a backup is never written in the clear`);
  if (first !== undefined && second !== undefined) throw new UsageProblem(`Options ${one} and ${other} stand together, keep one`);
}
