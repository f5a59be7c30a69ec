// What this gateway is among those that share their stores: the number of its log, and where the index of all records stands.

import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { originOf } from '../adapters/audit-checkpoint.ts';
import { gatewayNumber } from '../adapters/audit-gateway-number.ts';
import type { IndexThreadTask } from '../adapters/audit-index-thread.ts';
import { SharedAuditDb } from '../adapters/audit-shared-db.ts';
import type { Settings } from '../config/settings.ts';

/** Null for a gateway that keeps everything beside it. Rejects where PostgreSQL cannot say the number. */
export async function sharedIndex({ store, audit, dataDirectory }: Settings, now: number): Promise<IndexThreadTask['shared']> {
  if (store === undefined || store === null) return null;
  const log = originOf(createPublicKey(readFileSync(join(audit.directory, 'audit-signing.pub'))));
  const db = new SharedAuditDb(store.durable);
  try {
    return { store: store.durable, gateway: await gatewayNumber(db, log, dataDirectory, now) };
  } finally {
    await db.close();
  }
}
