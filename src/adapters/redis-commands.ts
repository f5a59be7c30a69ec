// Commands over single keys, for what is shared beside the stream: budgets and turns. This connection comes back by itself; a command
// waits neither for that nor for a slow answer, and there is a most that are under way.

import { createHash } from 'node:crypto';
import { Cluster, Redis } from 'ioredis';
import { Fault } from '../core/faults.ts';
import type { RedisSettings } from '../core/store/store-settings.ts';
import { redisOptions, sentinelOptions } from './redis-connection.ts';
import type { RedisConnectionOptions } from './redis-connection.ts';
import { inTime } from './redis-in-time.ts';

const answerMilliseconds = 400;
const silentMilliseconds = 1000;
const openMilliseconds = 3000;
const mostUnderWay = 2000;
const mostAgainMilliseconds = 500;

/** What a script gives back: numbers, texts, nothing, and lists of them. */
export type RedisAnswer = string | number | null | readonly RedisAnswer[];

export class RedisCommands {
  readonly #client: Redis | Cluster;
  readonly #prefix: string;
  readonly #digests = new Map<string, string>();
  #underWay = 0;
  #run: string | null = null;

  private constructor(client: Redis | Cluster, prefix: string) {
    this.#client = client;
    this.#prefix = prefix;
    // Unheard it would be printed; whoever sends a command hears of it, and the stream says what is wrong.
    client.on('error', () => undefined);
  }

  static async open(settings: RedisSettings): Promise<RedisCommands> {
    const client = clientOf(settings);
    const commands = new RedisCommands(client, settings.prefix);
    let first: unknown = null;
    client.on('error', (cause: unknown) => {
      first ??= cause;
    });
    try {
      await inTime(client.connect(), openMilliseconds, 'Connecting');
      return commands;
    } catch (cause) {
      commands.close();
      throw first ?? cause;
    }
  }

  /** Runs a script over one key, all or nothing; `key` without the prefix. Rejects with Fault `session-store-unavailable`. */
  async eval(script: string, key: string, args: readonly (string | number)[]): Promise<RedisAnswer> {
    if (this.#underWay >= mostUnderWay) {
      throw new Fault('session-store-unavailable', { detail: `${mostUnderWay} commands are under way to Redis` });
    }
    this.#underWay += 1;
    try {
      return await inTime(this.#ask(script, `${this.#prefix}${key}`, args), answerMilliseconds, 'A script');
    } catch (cause) {
      throw new Fault('session-store-unavailable', { detail: 'Redis did not do it', cause });
    } finally {
      this.#underWay -= 1;
    }
  }

  /** The server that holds the stream now: a connection to the one before is left, and the Sentinels are asked again. */
  moveTo(run: string): void {
    if (this.#run !== null && this.#run !== run && this.#client instanceof Redis) this.#client.disconnect(true);
    this.#run = run;
  }

  close(): void {
    this.#client.disconnect();
  }

  async #ask(script: string, key: string, args: readonly (string | number)[]): Promise<RedisAnswer> {
    const answer = await this.#client.evalsha(this.#digestOf(script), 1, key, ...args).catch((cause: unknown) =>
      // A server that has not seen the script yet, or has been started since.
      String(cause).includes('NOSCRIPT') ? this.#client.eval(script, 1, key, ...args) : Promise.reject(cause),
    );
    return answer as RedisAnswer;
  }

  #digestOf(script: string): string {
    const known = this.#digests.get(script) ?? createHash('sha1').update(script).digest('hex');
    this.#digests.set(script, known);
    return known;
  }
}

function clientOf(settings: RedisSettings): Redis | Cluster {
  const again = (times: number): number => Math.min(50 * times, mostAgainMilliseconds);
  const common: RedisConnectionOptions = {
    ...redisOptions(settings),
    // A server that hangs is left, so that what was asked of it does not pile up.
    socketTimeout: silentMilliseconds,
    // A master that has become a replica: the way to the new one is asked for.
    reconnectOnError: (cause: Error) => /^(?:READONLY|MASTERDOWN|LOADING)/.test(cause.message),
  };
  if (settings.kind === 'cluster') {
    const nodes = settings.servers.map(({ host, port }) => ({ host, port }));
    const { enableOfflineQueue: _, ...redis } = common;
    return new Cluster(nodes, {
      redisOptions: redis,
      lazyConnect: true,
      enableOfflineQueue: false,
      clusterRetryStrategy: again,
      maxRedirections: 4,
    });
  }
  const where: RedisConnectionOptions = settings.kind === 'sentinel' ? sentinelOptions(settings) : { ...settings.servers[0] };
  const options: RedisConnectionOptions = { ...common, ...where, retryStrategy: again };
  return new Redis(options);
}
