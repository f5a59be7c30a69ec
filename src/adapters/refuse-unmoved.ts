// Keeps a gateway that has people of its own from starting on a PostgreSQL that has none: second factors that are only here would have
// to be enrolled again, and whoever was let go here could come back.

import type { StateDb } from './state-db.ts';

const tables = ['people', 'totp', 'passkeys', 'credentials', 'offboarded'];

/** Rejects, naming the command that brings them there. */
export async function refuseUnmoved(dataDirectory: string, local: StateDb, shared: StateDb): Promise<void> {
  if ((await peopleIn(shared)) > 0 || (await peopleIn(local)) === 0) return;
  const fix = 'bring them there first with: wardgate store move';
  throw new Error(`"${dataDirectory}" knows people and PostgreSQL knows none; ${fix}`);
}

async function peopleIn(db: StateDb): Promise<number> {
  const counts = tables.map((table) => ({ sql: `SELECT count(*) AS n FROM ${table}`, params: [] }));
  const results = await db.run('identity', counts);
  return results.reduce((sum, { rows }) => sum + Number(rows[0]?.['n'] ?? 0), 0);
}
