// Gateways as Redis sees them, over one set of rows: each knows the sessions that ended from the rows it read, and from what the
// others told it since.

import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { openRedis } from '../../src/adapters/open-redis.ts';
import type { OpenRedis } from '../../src/adapters/open-redis.ts';
import type { RedisSettings } from '../../src/core/store/store-settings.ts';
import type { StoreTimed } from '../../src/shared-ports.ts';
import { eventually } from './demo-story.ts';
import { FakeClock, FakeLog } from './fake-ports.ts';
import { RedisServers } from './redis-server.ts';
import type { RedisServer } from './redis-server.ts';

export interface RedisGateway extends OpenRedis {
  readonly clock: FakeClock;
  readonly log: FakeLog;
  /** What others told of ends, and `everything` for each time everything was read. */
  readonly heard: string[];
  /** The sessions that it knows to have ended. */
  readonly ended: Set<string>;
  /** What was timed, and whether it failed: `redis-round done`. */
  readonly took: ReadonlySet<string>;
}

export class RedisGateways {
  readonly #open: RedisGateway[] = [];
  /** What is on record for good, whatever becomes of Redis. */
  readonly #rows = new Set<string>();

  async open(settings: RedisSettings): Promise<RedisGateway> {
    const clock = new FakeClock();
    const log = new FakeLog();
    const heard: string[] = [];
    const took = new Set<string>();
    const told: StoreTimed = (what, _milliseconds, failed) => void took.add(`${what} ${failed ? 'failed' : 'done'}`);
    const opened = await openRedis(settings, { clock, log, told });
    const ended = new Set<string>();
    const gateway = { ...opened, clock, log, heard, ended, took };
    this.#open.push(gateway);
    opened.changes.follow('sessions-ended', (entries) => {
      heard.push(...entries);
      for (const entry of entries) ended.add(entry);
    });
    opened.changes.onMissed(async () => {
      heard.push('everything');
      for (const row of this.#rows) ended.add(row);
      return Promise.resolve();
    });
    await current(gateway);
    return gateway;
  }

  /** The row first, the word then. */
  async end(gateway: RedisGateway, session: string): Promise<boolean> {
    this.#rows.add(session);
    return gateway.changes.tell('sessions-ended', [session]);
  }

  /** Once it has told everything, whoever has caught up lets the session in no more. */
  async hasEnded(session: string, teller: RedisGateway, ...others: readonly RedisGateway[]): Promise<void> {
    await eventually(() => teller.changes.figures().unconfirmed === 0, 'everything to be confirmed');
    for (const { changes } of others) await eventually(async () => changes.caughtUp(), 'one that has caught up');
    expect(others.every(({ ended }) => ended.has(session))).toBe(true);
  }

  close(): void {
    for (const gateway of this.#open.splice(0)) gateway.close();
  }
}

export async function current(...gateways: readonly RedisGateway[]): Promise<void> {
  await eventually(() => gateways.every(({ changes }) => changes.current), 'gateways that are current');
}

export async function notCurrent(...gateways: readonly RedisGateway[]): Promise<void> {
  await eventually(() => gateways.every(({ changes }) => !changes.current), 'gateways that are not current');
}

/** Whether a sentence of this is among what is wrong. */
export async function noticed(gateway: RedisGateway, words: string): Promise<void> {
  await eventually(() => gateway.notices().some((notice) => notice.includes(words)), `a notice of "${words}"`);
}

export interface RedisOfTests {
  readonly server: RedisServer;
  readonly gateways: RedisGateways;
  readonly open: () => Promise<RedisGateway>;
  readonly two: () => Promise<readonly [RedisGateway, RedisGateway]>;
}

/** One server and its gateways for the tests around this call: the gateways go after each of them, the server after the last. */
export function redisOfTests(program: string): RedisOfTests {
  const gateways = new RedisGateways();
  let servers: RedisServers;
  let server: RedisServer;
  beforeAll(async () => {
    servers = new RedisServers(program);
    server = await servers.server();
  });
  afterEach(() => gateways.close());
  afterAll(() => servers.close());
  const open = async (): Promise<RedisGateway> => gateways.open(server.settings);
  return {
    get server() {
      return server;
    },
    gateways,
    open,
    two: async () => [await open(), await open()],
  };
}
