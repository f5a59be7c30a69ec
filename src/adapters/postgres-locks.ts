// The locks that gateways hold in PostgreSQL, by the schema that they share. The server lets go of them when the connection goes.

import { createHash } from 'node:crypto';
import type { Client } from 'pg';

/**
 * `use`: held alone by a gateway without Redis, and together by those that have one, so that one that hears nothing never works
 * beside others. `lead`: held by the one of several that does what is done once for all.
 */
export type PostgresLock = 'use' | 'lead';

/** Whether it is held now; waits for nobody. */
export async function tryLock(client: Client, schema: string, lock: PostgresLock, together = false): Promise<boolean> {
  const take = together ? 'pg_try_advisory_lock_shared' : 'pg_try_advisory_lock';
  const { rows } = await client.query<{ held: number }>(`SELECT ${take}($1) AS held`, [lockKey(schema, lock)]);
  return rows[0]?.held === 1;
}

/** A whole number of eight bytes, in digits. */
export function lockKey(schema: string, lock: PostgresLock): string {
  return createHash('sha256').update(`wardgate ${lock} ${schema}`).digest().readBigInt64BE().toString();
}
