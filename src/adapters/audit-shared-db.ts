// The shared index's own connections to PostgreSQL, in its thread: few, so that a long count takes none from whoever signs people
// in, and without the strictness that those need. What it writes is one gateway's alone, under a lock on that gateway's row.

import { Pool } from 'pg';
import type { ClientConfig, PoolClient } from 'pg';
import type { DurableSettings } from '../core/store/store-settings.ts';
import { upgradeSharedAudit } from './audit-shared-schema.ts';
import { postgresConfig } from './postgres-config.ts';
import { postgresValue } from './postgres-sql.ts';
import { postgresTransaction } from './postgres-transaction.ts';
import type { Row } from './state-db.ts';

/** One writes, the others answer. */
const connections = 3;
/** Whoever asked for a search waits ten seconds. */
const statementMilliseconds = 9000;

export type SharedValue = null | number | string | readonly string[] | readonly number[];

/** Runs one statement; its rows. */
export type SharedAsk = (sql: string, params?: readonly SharedValue[]) => Promise<readonly Row[]>;

export class SharedAuditDb {
  readonly #config: ClientConfig;
  readonly #schema: string;
  readonly #pool: Pool;
  #ready: Promise<void> | null = null;

  /** Connects when something is asked. Throws where the schema's name is none. */
  constructor(store: DurableSettings) {
    this.#config = postgresConfig(store, { statementMilliseconds, isolation: 'read committed' });
    this.#schema = store.schema;
    this.#pool = new Pool({ ...this.#config, max: connections });
    // A connection that breaks is replaced; unheard it would end the thread.
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
    this.#pool.on('error', () => undefined);
  }

  readonly ask: SharedAsk = async (sql, params = []) => {
    await this.#made();
    return rowsOf(this.#pool, sql, params);
  };

  /** All of it or nothing. */
  async transact<T>(work: (ask: SharedAsk) => Promise<T>): Promise<T> {
    await this.#made();
    return postgresTransaction(this.#pool, async (client) => work((sql, params = []) => rowsOf(client, sql, params)));
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  /** The tables are there; tried again by the next one where they could not be made. */
  async #made(): Promise<void> {
    this.#ready ??= upgradeSharedAudit(this.#config, this.#schema);
    try {
      await this.#ready;
    } catch (cause) {
      this.#ready = null;
      throw cause;
    }
  }
}

async function rowsOf(client: Pool | PoolClient, sql: string, params: readonly SharedValue[]): Promise<readonly Row[]> {
  const { rows } = await client.query<Row>(sql, params.map(postgresValue));
  return rows;
}
