// Whether this gateway's log can be the first one of those that share a PostgreSQL. It asks and gives no number: a log keeps the number
// it was once given, also where nothing came of it.

import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { originOf } from '../adapters/audit-checkpoint.ts';
import { keptNumber, numberFile } from '../adapters/audit-gateway-number.ts';
import { SharedAuditDb } from '../adapters/audit-shared-db.ts';
import type { Settings } from '../config/settings.ts';
import type { StoreSettings } from '../core/store/store-settings.ts';

type Place = Pick<Settings, 'audit' | 'dataDirectory'> & { readonly store: StoreSettings };

/** Null: it can. Otherwise why not. Rejects where PostgreSQL cannot be asked. */
export async function whyNotFirst({ store, audit, dataDirectory }: Place): Promise<string | null> {
  const log = originOf(createPublicKey(readFileSync(join(audit.directory, 'audit-signing.pub'))));
  const db = new SharedAuditDb(store.durable);
  try {
    const rows = await db.ask('SELECT number, log FROM audit_gateways');
    const own = rows.find((row) => row['log'] === log)?.['number'] ?? null;
    if (rows.length > 0 && own !== 1) return 'another gateway has used this PostgreSQL already; name an empty schema';
  } finally {
    await db.close();
  }
  const path = join(dataDirectory, numberFile);
  const kept = keptNumber(path, log) ?? 1;
  return kept === 1
    ? null
    : `"${path}" says that this is gateway ${kept} of several, whose rows stand in their PostgreSQL already`;
}
