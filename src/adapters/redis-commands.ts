// Commands over single keys, for what is shared beside the stream: budgets and turns. The connection comes back with the stream; a
// command waits neither for that nor for a slow answer, and there is a most that are under way.

import { createHash } from 'node:crypto';
import { Cluster } from 'ioredis';
import type { Redis } from 'ioredis';
import { Fault } from '../core/faults.ts';
import type { RedisSettings } from '../core/store/store-settings.ts';
import type { StoreTimed } from '../shared-ports.ts';
import { connectRedis, redisOptions } from './redis-connection.ts';
import { inTime } from './redis-in-time.ts';
import { explainRedis } from './redis-refused.ts';
import { timed } from './timed.ts';

const answerMilliseconds = 400;
const silentMilliseconds = 1000;
const openMilliseconds = 3000;
const mostUnderWay = 2000;
const againMilliseconds = 100;
const mostAgainMilliseconds = 500;

/** What a script gives back: numbers, texts, nothing, and lists of them. */
export type RedisAnswer = string | number | null | readonly RedisAnswer[];

export class RedisCommands {
  readonly #settings: RedisSettings;
  readonly #digests = new Map<string, string>();
  #client: Redis | Cluster | null = null;
  #again: NodeJS.Timeout | undefined;
  /** Of the last connection that was begun; one that was begun before it comes too late. */
  #attempt = 0;
  #underWay = 0;
  readonly #told: StoreTimed | undefined;
  /** What Redis said to the last script where it did not run it; null where it did. What is not reached, the stream tells of. */
  #refused: string | null = null;

  private constructor(settings: RedisSettings, told: StoreTimed | undefined) {
    this.#settings = settings;
    this.#told = told;
  }

  static async open(settings: RedisSettings, told?: StoreTimed): Promise<RedisCommands> {
    const commands = new RedisCommands(settings, told);
    await commands.#connect();
    return commands;
  }

  /**
   * Whether the stream is reached. Commands go where it is and nowhere while it is not: a server that hangs, or was left behind by
   * its replicas, is asked nothing more. A cluster has other nodes for other keys, and finds them itself.
   */
  linked(isUp: boolean): void {
    if (this.#settings.kind === 'cluster') return;
    this.#leave();
    if (isUp) this.#connectUntil();
  }

  /** Runs a script over one key, all or nothing; `key` without the prefix. Rejects with Fault `session-store-unavailable`. */
  async eval(script: string, key: string, args: readonly (string | number)[]): Promise<RedisAnswer> {
    if (this.#underWay >= mostUnderWay) {
      throw new Fault('session-store-unavailable', { detail: `${mostUnderWay} commands are under way to Redis` });
    }
    this.#underWay += 1;
    try {
      const asked = this.#ask(script, `${this.#settings.prefix}${key}`, args);
      const answer = await timed(this.#told, 'redis-script', inTime(asked, answerMilliseconds, 'A script'));
      this.#refused = null;
      return answer;
    } catch (cause) {
      if (cause instanceof Error && cause.name === 'ReplyError') this.#refused = explainRedis(cause, this.#settings).message;
      throw new Fault('session-store-unavailable', { detail: 'Redis did not do it', cause });
    } finally {
      this.#underWay -= 1;
    }
  }

  /** What is wrong and whom it affects; empty where the last script was run. */
  notices(): readonly string[] {
    if (this.#refused === null) return [];
    return [`${this.#refused}; until Redis does it, downloads and whoever signs in are answered with 503`];
  }

  close(): void {
    this.#leave();
  }

  #leave(): void {
    this.#attempt += 1;
    clearTimeout(this.#again);
    this.#client?.disconnect();
    this.#client = null;
  }

  #connectUntil(): void {
    const connecting = this.#connect();
    const attempt = this.#attempt;
    connecting.catch(() => {
      // Left meanwhile: somebody else connects, or nobody shall.
      if (attempt !== this.#attempt) return;
      this.#again = setTimeout(() => this.#connectUntil(), againMilliseconds);
    });
  }

  async #connect(): Promise<void> {
    this.#attempt += 1;
    const attempt = this.#attempt;
    const client = this.#settings.kind === 'cluster' ? await openCluster(this.#settings) : await connectRedis(this.#settings, '');
    if (attempt !== this.#attempt) return client.disconnect();
    if (client.status === 'end') throw new Error('The connection was closed');
    this.#client = client;
    if (client instanceof Cluster) return;
    client.once('close', () => {
      if (this.#client !== client) return;
      this.#client = null;
      this.#connectUntil();
    });
  }

  async #ask(script: string, key: string, args: readonly (string | number)[]): Promise<RedisAnswer> {
    const client = this.#client;
    if (client === null) throw new Error('Redis is not connected');
    const answer = await client.evalsha(this.#digestOf(script), 1, key, ...args).catch((cause: unknown) =>
      // A server that has not seen the script yet, or has been started since.
      String(cause).includes('NOSCRIPT') ? client.eval(script, 1, key, ...args) : Promise.reject(cause),
    );
    return answer as RedisAnswer;
  }

  #digestOf(script: string): string {
    const known = this.#digests.get(script) ?? createHash('sha1').update(script).digest('hex');
    this.#digests.set(script, known);
    return known;
  }
}

async function openCluster(settings: RedisSettings): Promise<Cluster> {
  const { enableOfflineQueue: _, ...redis } = redisOptions(settings);
  const cluster = new Cluster(
    settings.servers.map(({ host, port }) => ({ host, port })),
    {
      // A node that hangs is left, so that what was asked of it does not pile up.
      redisOptions: { ...redis, socketTimeout: silentMilliseconds },
      lazyConnect: true,
      enableOfflineQueue: false,
      clusterRetryStrategy: (times: number) => Math.min(againMilliseconds * times, mostAgainMilliseconds),
      maxRedirections: 4,
    },
  );
  // Unheard they would be printed; whoever sends a command hears of it, and the stream says what is wrong.
  cluster.on('error', () => undefined);
  try {
    await inTime(cluster.connect(), openMilliseconds, 'Connecting');
    return cluster;
  } catch (cause) {
    cluster.disconnect();
    throw cause;
  }
}
