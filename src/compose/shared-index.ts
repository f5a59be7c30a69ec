// What this gateway is among those that share their stores: the number of its log, and where the index of all records stands.

import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { originOf } from '../adapters/audit-checkpoint.ts';
import { gatewayNumber, keepNumber, keptNumber, numberFile } from '../adapters/audit-gateway-number.ts';
import type { IndexThreadTask } from '../adapters/audit-index-thread.ts';
import type { Settings } from '../config/settings.ts';

/** Null for a gateway that keeps everything beside it. Rejects where PostgreSQL cannot say the number. */
export async function sharedIndex(
  { store, audit, dataDirectory }: Pick<Settings, 'store' | 'audit' | 'dataDirectory'>,
  now: number,
): Promise<IndexThreadTask['shared']> {
  if (store === undefined || store === null) return null;
  const log = originOf(createPublicKey(readFileSync(join(audit.directory, 'audit-signing.pub'))));
  const { SharedAuditDb } = await import('../adapters/audit-shared-db.ts');
  const db = new SharedAuditDb(store.durable);
  try {
    const gateway = await gatewayNumber(db, log, dataDirectory, now);
    nameLog(audit.directory, log, gateway);
    return { store: store.durable, gateway };
  } finally {
    await db.close();
  }
}

/** For whoever reads a copy of it. The gateway needs it for nothing, and must start on a full disk too. */
function nameLog(directory: string, log: string, gateway: number): void {
  const path = join(directory, numberFile);
  try {
    if (keptNumber(path, log) !== gateway) keepNumber(path, log, gateway);
  } catch {
    // A copy without it is called by its place among those that are named.
  }
}
