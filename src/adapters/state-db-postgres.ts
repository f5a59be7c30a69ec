// What must not be lost, in a PostgreSQL of the clinic: the same lists of statements as for the embedded file, each list in one
// serializable transaction. A list that another transaction or a change of the tables got in the way of is run again, because
// nothing of it was kept; after any other failure nothing is, because it might count twice.

import { createHash } from 'node:crypto';
import { Pool } from 'pg';
import type { ClientConfig, PoolClient } from 'pg';
import { Fault } from '../core/faults.ts';
import type { DurableSettings } from '../core/store/store-settings.ts';
import type { OperationsLog } from '../ports.ts';
import type { Leadership, StoreTimed } from '../shared-ports.ts';
import { postgresConfig } from './postgres-config.ts';
import { PostgresHolder } from './postgres-holder.ts';
import { PostgresLeader } from './postgres-leader.ts';
import { postgresStatement, postgresValue } from './postgres-sql.ts';
import { isStalePlan, postgresTransaction } from './postgres-transaction.ts';
import type { StreamClaims } from './postgres-streams.ts';
import { upgradePostgres } from './postgres-upgrade.ts';
import type { Row, Statement, StatementResult } from './state-db.ts';
import { timed } from './timed.ts';

export interface PostgresOptions extends DurableSettings {
  /** Other gateways use it at the same time, and tell by Redis what they changed. Else this one holds it alone. */
  readonly together?: boolean;
  readonly log: OperationsLog;
  readonly told?: StoreTimed;
}

export interface PostgresDb {
  /** All of them or none. Rejects with Fault `session-store-unavailable`. */
  run(statements: readonly Statement[]): Promise<readonly StatementResult[]>;
  /** Whether this gateway does what is done once for all that use the database. */
  readonly leadership: Leadership;
  /** Null for a gateway that has the database for itself. */
  readonly streams: StreamClaims | null;
  /** Why it cannot be used now; null where it can, as far as is known. */
  readonly trouble: string | null;
  close(): Promise<void>;
}

/** Who holds what in the database; while `lost` says why, nothing is written. */
interface Holder {
  readonly lost: Error | null;
  readonly trouble: string | null;
  readonly leadership: Leadership;
  readonly streams?: StreamClaims;
  close(): Promise<void>;
}

const connections = 8;
const maximumQueued = 10_000;
const mostTries = 20;
/** Serialization failure and deadlock: PostgreSQL has undone the whole list and asks to run it again. */
const again = new Set(['40001', '40P01']);

/** Rejects where the server cannot be reached, holds tables of a newer version, or is not for this gateway at this moment. */
export async function openPostgresDb(options: PostgresOptions): Promise<PostgresDb> {
  const { schema, log } = options;
  const config = postgresConfig(options);
  const kind = options.together === true ? PostgresLeader : PostgresHolder;
  const holder: Holder = await kind.open(config, schema, log, (client) => upgradePostgres(client, schema));
  return new PooledPostgres(config, holder, log, { told: options.told });
}

export class PooledPostgres implements PostgresDb {
  readonly #pool: Pool;
  readonly #holder: Holder;
  readonly #told: StoreTimed | undefined;
  #running = 0;
  #closed = false;

  constructor(
    config: ClientConfig,
    holder: Holder,
    log: Pick<OperationsLog, 'warn'>,
    { max = connections, told }: { readonly max?: number; readonly told?: StoreTimed | undefined } = {},
  ) {
    this.#pool = new Pool({ ...config, max });
    this.#told = told;
    this.#holder = holder;
    // A connection that breaks is replaced by the pool; unheard it would end the process, whether somebody uses it or not.
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
    this.#pool.on('error', (cause) => log.warn({ error: cause.message }, 'A resting connection to PostgreSQL broke'));
  }

  get leadership(): Leadership {
    return this.#holder.leadership;
  }

  get streams(): StreamClaims | null {
    return this.#holder.streams ?? null;
  }

  get trouble(): string | null {
    return this.#holder.trouble;
  }

  async run(statements: readonly Statement[]): Promise<readonly StatementResult[]> {
    if (this.#closed) throw unavailable('the state is closed', null);
    if (this.#holder.lost !== null) throw unavailable('the database is not held by this gateway', this.#holder.lost);
    if (this.#running >= maximumQueued) throw unavailable(`${maximumQueued} writes are waiting for PostgreSQL`, null);
    this.#running += 1;
    try {
      return await timed(this.#told, 'postgres', this.#untilUndisturbed(statements));
    } catch (cause) {
      throw unavailable('PostgreSQL did not do it', cause instanceof Error ? cause : new Error(String(cause)));
    } finally {
      this.#running -= 1;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#pool.end();
    await this.#holder.close();
  }

  async #untilUndisturbed(statements: readonly Statement[]): Promise<StatementResult[]> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await postgresTransaction(this.#pool, (client) => runAll(client, statements));
      } catch (cause) {
        if (tries >= mostTries || !(again.has(codeOf(cause)) || isStalePlan(cause))) throw cause;
      }
    }
  }
}

async function runAll(client: PoolClient, statements: readonly Statement[]): Promise<StatementResult[]> {
  const results: StatementResult[] = [];
  for (const statement of statements) results.push(await runOne(client, statement));
  return results;
}

/** A named statement is prepared once per connection; there are as many as there are statements in the stores. */
async function runOne(client: PoolClient, { sql, params }: Statement): Promise<StatementResult> {
  const name = createHash('sha256').update(sql).digest('base64url');
  const { rows, rowCount, fields } = await client.query<Row>({
    name,
    text: postgresStatement(sql),
    values: params.map(postgresValue),
  });
  return { rows, changes: fields.length > 0 ? rows.length : (rowCount ?? 0) };
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

function unavailable(detail: string, cause: Error | null): Fault {
  return new Fault('session-store-unavailable', cause === null ? { detail } : { detail, cause });
}
