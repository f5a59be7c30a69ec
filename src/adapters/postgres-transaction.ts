// One transaction on a connection of a pool: all of it or nothing. A connection whose prepared statements no longer fit the tables,
// because a newer version changed these, is not used again.

import { DatabaseError } from 'pg';
import type { Pool, PoolClient } from 'pg';

/** Resolves to what `work` does, once it is committed. Rejects as `work` or the server does; nothing of it is kept then. */
export async function postgresTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (cause) {
    // Whoever cannot undo it is not used again: the server undoes what is open on a connection that goes.
    const undone = await client.query('ROLLBACK').then(
      () => true,
      () => false,
    );
    broken = !undone || isStalePlan(cause);
    throw cause;
  } finally {
    client.release(broken);
  }
}

/** The tables changed under what this connection had prepared, and PostgreSQL did none of it. */
export function isStalePlan(cause: unknown): boolean {
  return cause instanceof DatabaseError && cause.code === '0A000' && cause.routine === 'RevalidateCachedQuery';
}
