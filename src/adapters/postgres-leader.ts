// One of several gateways leads: the one that holds the lock for it in PostgreSQL. Every other tries once a second, so that another
// one leads soon after the leader has gone. Losing the lock stops no writing.

import { Client } from 'pg';
import type { ClientConfig } from 'pg';
import type { OperationsLog } from '../ports.ts';
import type { Leadership } from '../shared-ports.ts';
import { FormRefused } from './postgres-form.ts';
import { tryLock } from './postgres-locks.ts';
import { PostgresStreams } from './postgres-streams.ts';
import { refuseTakenOver } from './postgres-upgrade.ts';

const againMilliseconds = 1000;
/** While nobody is let in before an answer. */
const soonMilliseconds = 200;
/** A leader that the server has not answered for so long does not lead any more. */
const answerMilliseconds = 2000;
const heldAlone = 'The database is in use by a gateway without store.redis; stop that one first';
/** The server looks for a gateway whose machine has gone without a word, and gives its lock to another within ten seconds. */
const lookForGone =
  '-c tcp_keepalives_idle=4 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 -c idle_in_transaction_session_timeout=3000';

export class PostgresLeader implements Leadership {
  readonly #config: ClientConfig;
  readonly #schema: string;
  readonly #log: OperationsLog;
  readonly #begin: (() => void)[] = [];
  readonly streams: PostgresStreams;
  #client: Client | null = null;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> = Promise.resolve();
  #isAwaited = false;
  #closed = false;
  #leads = false;
  /** Why the connection is not there. */
  #dropped = 'it does not answer';
  /** Why nothing may be written now: a gateway that hears nothing of others, or a newer version, has the database for itself. */
  lost: Error | null = null;

  private constructor(config: ClientConfig, schema: string, log: OperationsLog) {
    const options = [config.options ?? '', lookForGone].join(' ');
    this.#config = { ...config, options, query_timeout: answerMilliseconds };
    this.#schema = schema;
    this.#log = log;
    this.streams = new PostgresStreams(schema, () => this.#soon());
  }

  /** Rejects where the server cannot be reached or a gateway without Redis holds the schema. `first`: done before anything else. */
  static async open(
    config: ClientConfig,
    schema: string,
    log: OperationsLog,
    first: (client: Client) => Promise<void>,
  ): Promise<PostgresLeader> {
    const leader = new PostgresLeader(config, schema, log);
    await leader.#connect(true);
    try {
      await once(config, first);
    } catch (cause) {
      await leader.close();
      throw cause;
    }
    await leader.#look().catch(() => undefined);
    leader.#again();
    return leader;
  }

  get leadership(): Leadership {
    return this;
  }

  get trouble(): string | null {
    return this.#client === null ? (this.lost?.message ?? this.#dropped) : null;
  }

  get leads(): boolean {
    return this.#leads;
  }

  onLead(begin: () => void): void {
    this.#begin.push(begin);
    if (this.#leads) begin();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#leads = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    // A connection that is just being made would hold its lock for nobody.
    await this.#looking;
    await this.#client?.end().catch(() => undefined);
  }

  #again(): void {
    if (this.#closed) return;
    const wait = this.streams.isOpen ? soonMilliseconds : againMilliseconds;
    this.#timer = setTimeout(() => this.#lookNow(), this.#isAwaited ? 0 : wait).unref();
    this.#isAwaited = false;
  }

  #lookNow(): void {
    this.#timer = null;
    this.#looking = this.#look().catch(() => undefined);
    void this.#looking.then(() => this.#again());
  }

  /** Now, or right after the look that is under way. */
  #soon(): void {
    this.#isAwaited = this.#timer === null;
    if (this.#timer === null || this.#closed) return;
    clearTimeout(this.#timer);
    this.#lookNow();
  }

  /** One question to the server, by which it also shows that it is there. */
  async #look(): Promise<void> {
    const client = this.#client ?? (await this.#connect());
    try {
      await this.streams.look(client);
      if (this.#leads) await client.query('SELECT 1');
      else if (await tryLock(client, this.#schema, 'lead')) this.#lead(client);
    } catch (cause) {
      this.#drop(client, cause);
      throw cause;
    }
  }

  async #connect(isFirst = false): Promise<Client> {
    const client = new Client(this.#config);
    client.on('error', (cause) => this.#drop(client, cause));
    client.on('end', () => this.#drop(client));
    try {
      await client.connect();
      if (!(await tryLock(client, this.#schema, 'use', true))) throw new FormRefused(heldAlone);
      // While this gateway had no place, a newer one may have changed the tables.
      if (!isFirst) await refuseTakenOver(client);
    } catch (cause) {
      if (cause instanceof FormRefused) this.#refuse(cause);
      await client.end().catch(() => undefined);
      throw cause;
    }
    this.#client = client;
    this.lost = null;
    return client;
  }

  #refuse(why: FormRefused): void {
    if (this.lost?.message !== why.message) this.#log.error({ error: why.message }, 'The database is not for this gateway');
    this.lost = why;
    this.streams.refuse();
  }

  #lead(client: Client): void {
    if (this.#closed || this.#client !== client) return;
    this.#leads = true;
    this.#log.info({}, 'This gateway leads: it does what is done once for all');
    for (const begin of this.#begin) begin();
  }

  #drop(client: Client, cause?: unknown): void {
    if (this.#client !== client) return;
    this.#client = null;
    this.#dropped = cause instanceof Error ? cause.message : 'the connection has ended';
    if (this.#leads) this.#log.warn({}, 'This gateway does not lead any more; another one will within seconds');
    this.#leads = false;
    void client.end().catch(() => undefined);
  }
}

/** On a connection of its own, because it may take longer than an answer of the leader's may. */
async function once(config: ClientConfig, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client(config);
  client.on('error', () => undefined);
  try {
    await client.connect();
    await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
