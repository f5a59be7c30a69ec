// Asks whether a disk has room before a backup takes it: a full disk stops the gateway, which records nothing then and so
// forwards nothing.

import { statfsSync } from 'node:fs';
import { BackupRefused } from './backup-refused.ts';

/** Left free for everybody else; the access record of a busy week. */
const spareBytes = 134_217_728;

/** Throws BackupRefused where `directory` would have too little left behind it. */
export function checkRoom(directory: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(directory);
  const free = bavail * bsize;
  if (free >= bytes + spareBytes) return;
  const needed = `${mebibytes(bytes)} are needed and ${mebibytes(spareBytes)} must stay free`;
  throw new BackupRefused(`"${directory}" has ${mebibytes(free)} free, ${needed}`);
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 1_048_576)} MiB`;
}
