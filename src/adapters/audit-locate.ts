// Gets from "a directory" to "the end of a sound log and the key that signs it". Trouble with the disk is thrown as it
// came and may be tried again; what is not sound or not ours is refused.

import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { AuditDirectories } from './audit-directories.ts';
import type { AuditLogNeeds } from './audit-log-options.ts';
import { findStart, hasHead } from './audit-start.ts';
import type { StartingPoint } from './audit-start.ts';
import { loadSigningKey } from './audit-signing.ts';
import type { SigningKey } from './audit-signing.ts';

export interface Located {
  readonly key: SigningKey;
  readonly start: StartingPoint;
}

/** Rejects with AuditLogRefused, and with system errors as they are. */
export async function locateLog(needs: AuditLogNeeds, directories: AuditDirectories): Promise<Located> {
  for (const directory of directories.all) directories.claimIfWritable(directory);
  // A fallback that was never used may be absent; the first directory must at least be readable.
  const readable = directories.all.filter((directory, index) => index === 0 || existsSync(directory));
  const isNew = !(await hasHead(readable));
  mkdirSync(dirname(needs.signingKeyFile), { recursive: true });
  const key = loadSigningKey(needs.signingKeyFile, isNew, needs.log);
  return { key, start: await findStart(readable, key) };
}
