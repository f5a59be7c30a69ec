// Holds the database for one gateway without Redis, as the lock of a data directory does: a second one would not know what the
// first has ended. PostgreSQL lets go when the connection goes; until it is held again, nothing is written.

import { Client } from 'pg';
import type { ClientConfig } from 'pg';
import type { OperationsLog } from '../ports.ts';
import { oneGateway } from './one-gateway.ts';
import { FormRefused } from './postgres-form.ts';
import { tryLock } from './postgres-locks.ts';
import { refuseTakenOver } from './postgres-upgrade.ts';

const againMilliseconds = 1000;

export class PostgresHolder {
  readonly #config: ClientConfig;
  readonly #schema: string;
  readonly #log: OperationsLog;
  #client: Client | null = null;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;
  /** Why nothing may be written now; null while the database is held. */
  lost: Error | null = null;
  readonly leadership = oneGateway.leadership;

  private constructor(config: ClientConfig, schema: string, log: OperationsLog) {
    this.#config = config;
    this.#schema = schema;
    this.#log = log;
  }

  /** Rejects where the server cannot be reached or another gateway holds the schema. `first`: what is done before anything else. */
  static async open(
    config: ClientConfig,
    schema: string,
    log: OperationsLog,
    first: (client: Client) => Promise<void>,
  ): Promise<PostgresHolder> {
    const holder = new PostgresHolder(config, schema, log);
    await holder.#take(first);
    return holder;
  }

  get trouble(): string | null {
    return this.lost?.message ?? null;
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#client?.end();
  }

  async #take(first?: (client: Client) => Promise<void>): Promise<void> {
    const client = new Client(this.#config);
    client.on('error', (cause) => this.#lose(client, cause));
    client.on('end', () => this.#lose(client, new Error('The connection has ended')));
    try {
      await client.connect();
      await holdAlone(client, this.#schema);
      // While it was not held, a newer version may have changed the tables.
      await (first ?? refuseTakenOver)(client);
    } catch (cause) {
      await client.end().catch(() => undefined);
      throw cause;
    }
    this.#client = client;
    this.lost = null;
  }

  #lose(client: Client, cause: Error): void {
    if (this.#closed || this.#client !== client) return;
    this.#client = null;
    this.lost = cause;
    this.#log.error({ error: cause.message }, 'The database is not held any more; nothing is written until it is again');
    this.#again();
  }

  #again(): void {
    this.#timer = setTimeout(() => {
      this.#take().then(
        () => this.#log.info({}, 'The database is held again'),
        (cause: unknown) => {
          if (cause instanceof FormRefused) this.lost = cause;
          if (!this.#closed) this.#again();
        },
      );
    }, againMilliseconds).unref();
  }
}

async function holdAlone(client: Client, schema: string): Promise<void> {
  if (!(await tryLock(client, schema, 'use'))) throw new Error('The database is in use by another gateway; stop that one first');
}
