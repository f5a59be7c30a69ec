// The stream, over two connections to one run of one server: one writes, the other reads. A link begins at the end of the stream
// and lasts until anything about it is in doubt; then a new one is opened, and everything is read again.
// Redis counts every entry that a stream was ever given. Whoever reads counts too, and where the two differ something was missed:
// trimmed, deleted, or of another server that took this one's place.

import { randomBytes } from 'node:crypto';
import type { ChainableCommander, Redis } from 'ioredis';
import type { RedisSettings } from '../core/store/store-settings.ts';
import { connectRedis } from './redis-connection.ts';
import { inTime } from './redis-in-time.ts';
import { RedisMistake } from './redis-refused.ts';
import { checkServer, readInfo } from './redis-server-check.ts';

/** Entries that the stream keeps, more or less: whoever is further behind reads everything again. */
const mostKept = 5000;
const readAtOnce = 200;
const blockMilliseconds = 200;
const waitMilliseconds = 300;
const answerMilliseconds = 400;

export type Fields = readonly string[];

export interface Written {
  /** Of the last entry written. */
  readonly id: string;
  /** How many entries the stream has ever been given, that one included. */
  readonly added: number;
  /** The history that the server replicates; another one after it was a replica in between. */
  readonly history: string;
  readonly replicas: number;
  /** The clock of Redis, epoch milliseconds. */
  readonly redisTime: number;
}

export class StreamLink {
  readonly #key: string;
  readonly #writer: Redis;
  readonly #reader: Redis;
  readonly begun: Written;
  /** The stream's own name, which a Redis that lost everything does not have any more. */
  readonly id: string;
  #position: string;
  #count: number;
  #closed = false;

  private constructor(key: string, connections: { writer: Redis; reader: Redis }, begun: Written, id: string) {
    this.#key = key;
    this.id = id;
    this.#writer = connections.writer;
    this.#reader = connections.reader;
    this.begun = begun;
    this.#position = begun.id;
    this.#count = begun.added;
  }

  /** `first`: what is written to find out where the stream ends. */
  static async open(settings: RedisSettings, key: string, first: Fields): Promise<StreamLink> {
    const writer = await connectRedis(settings, key);
    let reader: Redis | null = null;
    try {
      const run = await checkServer(writer, settings);
      reader = await connectRedis(settings, key);
      if ((await checkServer(reader, settings)) !== run) throw new RedisMistake('The master of Redis is changing at this moment');
      const begun = await write(writer, key, [first]);
      return new StreamLink(key, { writer, reader }, begun, await idOf(writer, key));
    } catch (cause) {
      writer.disconnect();
      reader?.disconnect();
      throw cause;
    }
  }

  /** Hears every entry with its place in the count, until the link is closed or `lost`. */
  follow(heard: (fields: Fields, count: number) => void, lost: (cause: unknown) => void): void {
    for (const connection of [this.#writer, this.#reader]) {
      connection.once('close', () => this.#closed || lost(new Error('The connection was closed')));
    }
    this.#read(heard).catch((cause: unknown) => this.#closed || lost(cause));
  }

  /** All of them together, in order. */
  async write(entries: readonly Fields[]): Promise<Written> {
    const heardBefore = this.#count;
    const written = await write(this.#writer, this.#key, entries);
    if (written.history !== this.begun.history) throw new RedisMistake('Redis has another history than before');
    if (written.added <= heardBefore) throw new RedisMistake('The stream of changes in Redis was begun anew');
    return written;
  }

  /** How many replicas have everything that was written by this link. */
  async acknowledged(replicas: number): Promise<number> {
    if (replicas === 0) return 0;
    return inTime(this.#writer.wait(replicas, waitMilliseconds), waitMilliseconds + answerMilliseconds, 'WAIT');
  }

  close(): void {
    this.#closed = true;
    this.#writer.disconnect();
    this.#reader.disconnect();
  }

  async #read(heard: (fields: Fields, count: number) => void): Promise<void> {
    while (!this.#closed) {
      const asked = this.#reader.xread('COUNT', readAtOnce, 'BLOCK', blockMilliseconds, 'STREAMS', this.#key, this.#position);
      const streams = await inTime(asked, blockMilliseconds + answerMilliseconds, 'XREAD');
      for (const [id, fields] of streams?.[0]?.[1] ?? []) {
        if (this.#closed) return;
        this.#position = id;
        this.#count += 1;
        heard(fields, this.#count);
      }
    }
  }
}

/** Whoever comes first gives it. */
async function idOf(writer: Redis, key: string): Promise<string> {
  await inTime(writer.set(`${key}:id`, randomBytes(16).toString('base64url'), 'NX'), answerMilliseconds, 'SET');
  return (await inTime(writer.get(`${key}:id`), answerMilliseconds, 'GET')) ?? '';
}

async function write(writer: Redis, key: string, entries: readonly Fields[]): Promise<Written> {
  const all = entries.reduce<ChainableCommander>(
    (transaction, fields) => transaction.xadd(key, 'MAXLEN', '~', mostKept, '*', ...fields),
    writer.multi(),
  );
  const results = await inTime(all.xinfo('STREAM', key).info('replication').time().exec(), answerMilliseconds, 'XADD');
  if (results === null) throw new Error('Redis did not run what it was given');
  const answers = results.map(([error, answer]) => {
    if (error !== null) throw error;
    return answer;
  });
  return readAnswers(answers.slice(-4));
}

function readAnswers([id, stream, info, time]: readonly unknown[]): Written {
  const fields = stream as readonly unknown[];
  const replication = readInfo(String(info));
  const [seconds, microseconds] = time as readonly [string, string];
  return {
    id: String(id),
    added: Number(fields[fields.indexOf('entries-added') + 1]),
    history: replication.get('master_replid') ?? '',
    replicas: Number(replication.get('connected_slaves') ?? 0),
    redisTime: Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000),
  };
}
