// Gateways that use the same rows must hear the same stream: of two that hear different ones, each would think that nothing changed.
// Whoever hears one holds a lock in PostgreSQL that is named after it, and takes that only while nobody holds one of another name.

import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import { programVersion } from './program-version.ts';

export interface NamedStream {
  /** Given once by whoever finds a Redis without it: one that came back empty has another. */
  readonly id: string;
  /** Where it is, for people. */
  readonly place: string;
}

export interface StreamClaims {
  /** This gateway hears this stream from now on; `common` is called each time that it becomes common. Null: it hears none. */
  hears(stream: NamedStream | null, common?: () => void): void;
  /** Nobody who uses the same rows hears another one, as was found since this one is heard. */
  readonly isCommon: boolean;
  /** Who hears another one, in words that name the fix; null where nobody is known to. */
  readonly trouble: string | null;
}

/** A holder that has asked nothing for so long stands still, and lets nobody in: what it has in memory is older than a second. */
const standsStill = "interval '4 seconds'";
const mostName = 63;

export class PostgresStreams implements StreamClaims {
  readonly #schema: string;
  readonly #wake: () => void;
  #stream: NamedStream | null = null;
  #common: () => void = () => undefined;
  /** The connection that holds the lock, and the stream that it is named after. */
  #holder: { readonly client: Client; readonly id: string } | null = null;
  isCommon = false;
  trouble: string | null = null;

  /** `wake` has `look` called soon. */
  constructor(schema: string, wake: () => void) {
    this.#schema = schema;
    this.#wake = wake;
  }

  /** Somebody waits for a look. */
  get isOpen(): boolean {
    return this.#stream !== null && !this.isCommon;
  }

  hears(stream: NamedStream | null, common: () => void = () => undefined): void {
    this.#stream = stream;
    this.#common = common;
    this.isCommon = false;
    this.trouble = null;
    this.#wake();
  }

  /** Others have the database for themselves. */
  refuse(): void {
    this.isCommon = false;
  }

  /** On the connection that this gateway keeps. Rejects where PostgreSQL does not answer; what was found before stands. */
  async look(client: Client): Promise<void> {
    const stream = this.#stream;
    if (this.#holder !== null && (this.#holder.client !== client || this.#holder.id !== stream?.id)) await this.#release(client);
    if (stream === null) return;
    const other = await this.#claim(client, stream);
    if (other === undefined || stream !== this.#stream) return;
    this.trouble = other === null ? null : elsewhere(other, stream);
    const wasCommon = this.isCommon;
    this.isCommon = other === null;
    if (this.isCommon && !wasCommon) this.#common();
  }

  /**
   * What a gateway that hears another stream calls itself; null where there is none, and then the lock is held. Undefined while
   * another one asks.
   */
  async #claim(client: Client, stream: NamedStream): Promise<string | null | undefined> {
    await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
    try {
      // Whoever asks at this moment is not waited for: one that stands still with it would stop everybody.
      const turn = "SELECT pg_try_advisory_xact_lock(hashtext('wardgate streams'), hashtext($1)) AS had";
      const asked = await client.query<{ had: number }>(turn, [this.#schema]);
      if (asked.rows[0]?.had !== 1) {
        await client.query('ROLLBACK');
        return undefined;
      }
      const [kind, name] = keysOf(this.#schema, stream.id);
      const { rows } = await client.query<{ name: string }>(others, [kind >>> 0, name >>> 0]);
      const other = rows[0]?.name ?? null;
      if (other === null && this.#holder === null) {
        const own = `wardgate ${programVersion()} at ${stream.place}`.slice(0, mostName);
        await client.query("SELECT set_config('application_name', $1, false)", [own]);
        await client.query('SELECT pg_advisory_lock_shared($1, $2)', [kind, name]);
        this.#holder = { client, id: stream.id };
      }
      await client.query('COMMIT');
      if (other !== null) await this.#release(client);
      return other;
    } catch (cause) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw cause;
    }
  }

  /** A connection that has gone took its lock with it. */
  async #release(client: Client): Promise<void> {
    const held = this.#holder;
    this.#holder = null;
    if (held?.client === client) await client.query('SELECT pg_advisory_unlock_shared($1, $2)', keysOf(this.#schema, held.id));
  }
}

const others = `SELECT coalesce(application_name, '') AS name FROM pg_locks JOIN pg_stat_activity USING (pid)
  WHERE locktype = 'advisory' AND granted AND objsubid = 2
  AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND classid::bigint = $1 AND objid::bigint <> $2
  AND coalesce(state_change, clock_timestamp()) > clock_timestamp() - ${standsStill} LIMIT 1`;

/** Two whole numbers of four bytes each, which is how PostgreSQL keeps such a lock apart from those of one number. */
function keysOf(schema: string, id: string): [kind: number, name: number] {
  const number = (text: string): number => createHash('sha256').update(text).digest().readInt32BE();
  return [number(`wardgate stream ${schema}`), number(id)];
}

function elsewhere(other: string, { place }: NamedStream): string {
  const heard = other.includes(' at ') ? other.slice(other.indexOf(' at ') + 4) : 'another one';
  return `Another gateway with the same PostgreSQL hears the Redis ${heard}, and this one the Redis ${place}; name the same one at every gateway, and where it is to be another, stop them all first`;
}
