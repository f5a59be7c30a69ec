// Reads a backup wholly and judges the access record in it, without putting anything anywhere.

import { BackupAuditJudge } from './backup-audit-judge.ts';
import type { BackupSecret } from './backup-keys.ts';
import { readBackup } from './backup-read.ts';
import type { ReadBackup } from './backup-read.ts';

/** Throws BackupRefused, saying what is wrong with it, and system errors. */
export async function verifyBackup(path: string, secret: BackupSecret): Promise<ReadBackup> {
  const judge = new BackupAuditJudge();
  const read = await readBackup(path, secret, judge);
  judge.end();
  return read;
}
