// A clinic with two gateways: two processes of `wardgate start` with a data directory and a log each, one address, one master
// key, one real PostgreSQL and one real Redis, which each of them reaches by cables of its own that a test may cut.

import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { freePort } from '../../src/demo/free-port.ts';
import { chaosProxy } from './chaos-proxy.ts';
import type { ChaosProxy } from './chaos-proxy.ts';
import { clinic } from './clinic.ts';
import type { Clinic, ClinicOptions } from './clinic.ts';
import { gatewayProcess } from './command.ts';
import type { Command } from './command.ts';
import { CookieClient } from './cookie-client.ts';
import { enrol } from './enrol.ts';
import type { Enrolled } from './enrol.ts';
import { startPostgres } from './postgres-server.ts';
import type { PostgresServer } from './postgres-server.ts';
import { RedisServers } from './redis-server.ts';
import type { RedisServer } from './redis-server.ts';
import { requirement } from './requirements.ts';

export interface TwoGatewaysOptions extends ClinicOptions {
  /** A replica and a Sentinel beside the Redis, which the gateways ask where it is; there is no cable to it then. */
  readonly sentinel?: boolean;
  /** Flags of Node and variables, for both. */
  readonly flags?: readonly string[];
}

export interface OneOfTwo {
  readonly port: number;
  readonly healthPort: number;
  readonly directory: string;
  /** gateway.yaml. */
  readonly file: string;
  readonly auditDirectory: string;
  readonly toPostgres: ChaosProxy;
  readonly toRedis: ChaosProxy;
  /** Of the run that goes on, or went on last. */
  readonly process: Command;
  start(): Promise<void>;
  /** Status and words of /readyz; 0 where nobody answers. */
  ready(): Promise<{ readonly status: number; readonly text: string }>;
}

export interface TwoGateways extends Pick<Clinic, 'origin' | 'ehr' | 'provider' | 'personas' | 'directory'> {
  readonly a: OneOfTwo;
  readonly b: OneOfTwo;
  readonly postgres: PostgresServer;
  /** The one that began as master. */
  readonly redis: RedisServer;
  readonly replica: RedisServer | null;
  readonly auditDirectories: readonly [string, string];
  /** A browser whose requests go to that gateway; `send` has them go to another. */
  browser(at: OneOfTwo): CookieClient;
  send(client: CookieClient, to: OneOfTwo): CookieClient;
  /** A person's first sign-in, at that gateway. */
  enrol(at: OneOfTwo, name: string): Promise<Enrolled>;
  /** Ends everything; the gateways are ended by `endCommands`, before this. */
  close(): Promise<void>;
}

const master = 'wardgate';

/** Both run when this resolves, and are ready. */
export async function twoGateways(options: TwoGatewaysOptions = {}): Promise<TwoGateways> {
  const programs = { postgres: requirement('postgres').path ?? '', redis: requirement('redis').path ?? '' };
  const postgres = await startPostgres(dirname(programs.postgres));
  const servers = new RedisServers(programs.redis);
  const redis = await servers.server();
  const replica = options.sentinel ? await servers.replicaOf(redis) : null;
  const sentinel = options.sentinel ? await servers.sentinelOf(redis, master, 1) : null;
  const place = await clinic(options);
  writeFileSync(join(place.directory, 'master.key'), `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  const needs = { place, postgres, redis, sentinel, flags: options.flags ?? [] };
  const [a, b] = [await prepared('a', needs), await prepared('b', needs)];
  const { host } = new URL(place.origin);
  const send = (client: CookieClient, to: OneOfTwo): CookieClient => {
    client.via.set(host, to.port);
    return client;
  };
  const close = async (): Promise<void> => {
    await Promise.all([a, b].flatMap(({ toPostgres, toRedis }) => [toPostgres.close(), toRedis.close()]));
    await place.close();
    await servers.close();
    await postgres.close();
  };
  await a.start();
  await b.start();
  return {
    ...place,
    ...{ a, b, postgres, redis, replica, send, close },
    auditDirectories: [a.auditDirectory, b.auditDirectory],
    browser: (at) => send(new CookieClient(), at),
    enrol: (at, name) => enrol(place.origin, name, send(new CookieClient(), at)),
  };
}

interface Shared {
  readonly place: Clinic;
  readonly postgres: PostgresServer;
  readonly redis: RedisServer;
  readonly sentinel: RedisServer | null;
  readonly flags: readonly string[];
}

async function prepared(name: 'a' | 'b', { place, postgres, redis, sentinel, flags }: Shared): Promise<OneOfTwo> {
  const directory = join(place.directory, name);
  mkdirSync(directory);
  for (const file of ['rules.yaml', 'alerts.yaml', 'client-secret']) {
    copyFileSync(join(place.directory, file), join(directory, file));
  }
  const toPostgres = await chaosProxy(Number(new URL(postgres.url).port));
  const toRedis = await chaosProxy(redis.port);
  const [port, healthPort] = [await freePort(), await freePort()];
  const file = join(directory, 'gateway.yaml');
  const durable = postgres.url.replace(/:\d+\//, `:${toPostgres.port}/`);
  const single = `redis://127.0.0.1:${toRedis.port}`;
  const asked = sentinel === null ? '' : `{ sentinels: ["redis://127.0.0.1:${sentinel.port}"], name: ${master}, replicas: 1 }`;
  const lines = [`masterKeyFile: ../master.key`, `store: { durable: "${durable}", redis: ${asked || `"${single}"`} }`];
  const listen = `listen: { host: 127.0.0.1, port: ${port}, health: { port: ${healthPort} } }`;
  writeFileSync(file, `${readFileSync(place.file, 'utf8').replace(/^listen: .*$/m, listen)}${lines.join('\n')}\n`);
  let running: Command | null = null;
  return {
    ...{ port, healthPort, directory, file, toPostgres, toRedis },
    auditDirectory: join(directory, 'data', 'audit'),
    get process() {
      if (running === null) throw new Error(`Gateway ${name} was never started`);
      return running;
    },
    start: async () => void (running = await gatewayProcess(file, { flags })),
    ready: () => readiness(healthPort),
  };
}

async function readiness(healthPort: number): Promise<{ status: number; text: string }> {
  try {
    const reply = await fetch(`http://127.0.0.1:${healthPort}/readyz`, { signal: AbortSignal.timeout(5000) });
    return { status: reply.status, text: await reply.text() };
  } catch (cause) {
    return { status: 0, text: String(cause) };
  }
}
