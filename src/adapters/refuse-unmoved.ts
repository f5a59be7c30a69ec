// Keeps a gateway that has people of its own from starting on a PostgreSQL that has none: second factors that are only here would have
// to be enrolled again, and whoever was let go here could come back.

import { movedSince } from './moved-state.ts';
import type { StateDb } from './state-db.ts';

const tables = ['people', 'totp', 'passkeys', 'credentials', 'offboarded'];

/** Rejects, naming what brings them there: the command, or PostgreSQL's own backup where they were there once. */
export async function refuseUnmoved(dataDirectory: string, local: StateDb, shared: StateDb): Promise<void> {
  if ((await peopleIn(shared)) > 0 || (await peopleIn(local)) === 0) return;
  const since = movedSince(dataDirectory);
  if (since !== null) throw new Error(lostSince(dataDirectory, since));
  const fix = 'bring them there first with: wardgate store move';
  throw new Error(`"${dataDirectory}" knows people and PostgreSQL knows none; ${fix}`);
}

/** What is left in the files is of that day, and must not be moved once more. */
function lostSince(dataDirectory: string, since: string): string {
  const [what, fix] = [`"${dataDirectory}" was moved to PostgreSQL (${since})`, 'put its own backup back with pg_restore'];
  return `${what}, and PostgreSQL knows nobody; ${fix}, because what is left in the files is of that day`;
}

async function peopleIn(db: StateDb): Promise<number> {
  const counts = tables.map((table) => ({ sql: `SELECT count(*) AS n FROM ${table}`, params: [] }));
  const results = await db.run('identity', counts);
  return results.reduce((sum, { rows }) => sum + Number(rows[0]?.['n'] ?? 0), 0);
}
