// One transaction on a connection of a pool: all of it or nothing.

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
    broken = await client.query('ROLLBACK').then(
      () => false,
      () => true,
    );
    throw cause;
  } finally {
    client.release(broken);
  }
}
