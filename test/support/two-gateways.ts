// A clinic with two gateways: two processes of `wardgate start` with a data directory and a log each, one address, one master
// key, one real PostgreSQL and one real Redis, which each of them reaches by cables of its own that a test may cut.

import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { freePort } from '../../src/demo/free-port.ts';
import { chaosProxy } from './chaos-proxy.ts';
import type { ChaosProxy } from './chaos-proxy.ts';
import type { Gateway } from '../../src/main.ts';
import { clinic, openGateway } from './clinic.ts';
import type { Clinic, ClinicOptions } from './clinic.ts';
import { endCommands, gatewayProcess } from './command.ts';
import type { Command } from './command.ts';
import { CookieClient } from './cookie-client.ts';
import { eventually, signIn } from './demo-story.ts';
import { startPostgres } from './postgres-server.ts';
import type { PostgresServer } from './postgres-server.ts';
import { RedisServers } from './redis-server.ts';
import type { RedisServer } from './redis-server.ts';
import { requirement } from './requirements.ts';
import { sentinelBeside } from './sentinel-beside.ts';
import type { SentinelBeside } from './sentinel-beside.ts';

export interface TwoGatewaysOptions extends ClinicOptions {
  /** Replicas and a Sentinel beside the Redis, which the gateways ask where it is; there is no cable to it then. One replica by default. */
  readonly sentinel?: boolean;
  readonly replicas?: number;
  /** Sentinel and replicas reach the master by a cable, and A asks a Sentinel that stands on its own side of it. */
  readonly apart?: boolean;
  /** What happens at the one gateway that was there before the two. */
  readonly before?: (gateway: Gateway) => Promise<void>;
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
  /** `program`: the command of another version. Rejects with what it said where it ends instead. */
  start(program?: string): Promise<void>;
  /** Status and words of /readyz; 0 where nobody answers. */
  ready(): Promise<{ readonly status: number; readonly text: string }>;
}

export interface TwoGateways extends Pick<Clinic, 'origin' | 'secondOrigin' | 'ehr' | 'provider' | 'personas' | 'directory'> {
  readonly a: OneOfTwo;
  readonly b: OneOfTwo;
  readonly postgres: PostgresServer;
  /** The one that began as master. */
  readonly redis: RedisServer;
  readonly replicas: readonly RedisServer[];
  /** Between the master and everybody but A, where they can be taken apart. */
  readonly toMaster: ChaosProxy | null;
  /** The Sentinel that A asks then. */
  readonly besideA: SentinelBeside | null;
  readonly auditDirectories: readonly [string, string];
  /** A browser whose requests go to that gateway; `send` has them go to another. */
  browser(at: OneOfTwo): CookieClient;
  send(client: CookieClient, to: OneOfTwo): CookieClient;
  /** Signs a persona in at that gateway, with the second factor that they have had since before the start. */
  signIn(at: OneOfTwo, name: string): Promise<CookieClient>;
  /** Ends everything; the gateways are ended by `endCommands`, before this. */
  close(): Promise<void>;
}

const master = 'wardgate';

/** Both run when this resolves. What was started already is ended again where something after it cannot start. */
export async function twoGateways(options: TwoGatewaysOptions = {}): Promise<TwoGateways> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const one of closers.splice(0).reverse()) await one();
  };
  try {
    return { ...(await started(options, closers)), close };
  } catch (cause) {
    await endCommands();
    await close();
    throw cause;
  }
}

async function started(options: TwoGatewaysOptions, closers: (() => Promise<unknown>)[]): Promise<Omit<TwoGateways, 'close'>> {
  const postgres = await startPostgres(dirname(requirement('postgres').path ?? ''));
  closers.push(() => postgres.close());
  const servers = new RedisServers(requirement('redis').path ?? '');
  closers.push(() => servers.close());
  const redis = await servers.server();
  const toMaster = options.apart ? await chaosProxy(redis.port) : null;
  if (toMaster !== null) closers.push(() => toMaster.close());
  const replicas: RedisServer[] = [];
  const wanted = options.sentinel ? (options.replicas ?? 1) : 0;
  for (let i = 0; i < wanted; i += 1) replicas.push(await servers.replicaOf(toMaster ?? redis));
  const sentinel = options.sentinel ? await servers.sentinelOf(toMaster ?? redis, master, wanted) : null;
  // A cable of this process is silent as long as this process is busy, and nobody shall take the master for dead by that.
  if (options.apart) await sentinel?.command('SENTINEL', 'SET', master, 'down-after-milliseconds', '4000');
  const besideA = options.apart ? await sentinelBeside() : null;
  if (besideA !== null) closers.push(() => besideA.close());
  const place = await clinic(options);
  closers.push(() => place.close());
  writeFileSync(join(place.directory, 'master.key'), `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  await enrolled(place, postgres, options.before);
  const needs = { place, postgres, redis, flags: options.flags ?? [], closers };
  const [a, b] = [await prepared('a', besideA ?? sentinel, needs), await prepared('b', sentinel, needs)];
  besideA?.says(a.toRedis.port);
  await a.start();
  await b.start();
  const { host } = new URL(place.origin);
  const send = (client: CookieClient, to: OneOfTwo): CookieClient => {
    client.via.set(host, to.port);
    return client;
  };
  return {
    ...place,
    a,
    b,
    postgres,
    redis,
    replicas,
    toMaster,
    besideA,
    send,
    auditDirectories: [a.auditDirectory, b.auditDirectory],
    browser: (at) => send(new CookieClient(), at),
    signIn: async (at, name) => {
      // A machine that is too busy for a second has people hear 503, and a sign-in takes several pages.
      await eventually(async () => (await at.ready()).status === 200, 'that gateway to be ready');
      return signIn({ ...place, auditDirectory: at.auditDirectory }, name, '/main', send(new CookieClient(), at));
    },
  };
}

/** Before the two there was one gateway, at which everybody enrolled. */
async function enrolled(place: Clinic, postgres: PostgresServer, before?: TwoGatewaysOptions['before']): Promise<void> {
  const file = join(place.directory, 'before.yaml');
  const lines = [`masterKeyFile: master.key`, `store: { durable: "${postgres.url}" }`];
  writeFileSync(file, `${readFileSync(place.file, 'utf8')}${lines.join('\n')}\n`);
  const gateway = await openGateway({ ...place, file });
  await before?.(gateway);
  await gateway.close();
}

interface Shared {
  readonly place: Clinic;
  readonly postgres: PostgresServer;
  readonly redis: RedisServer;
  readonly flags: readonly string[];
  readonly closers: (() => Promise<unknown>)[];
}

async function prepared(
  name: 'a' | 'b',
  sentinel: { readonly port: number } | null,
  { place, postgres, redis, flags, closers }: Shared,
): Promise<OneOfTwo> {
  const directory = join(place.directory, name);
  mkdirSync(directory);
  for (const file of ['rules.yaml', 'alerts.yaml', 'client-secret']) {
    copyFileSync(join(place.directory, file), join(directory, file));
  }
  const toPostgres = await chaosProxy(Number(new URL(postgres.url).port));
  const toRedis = await chaosProxy(redis.port);
  closers.push(
    () => toPostgres.close(),
    () => toRedis.close(),
  );
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
    port,
    healthPort,
    directory,
    file,
    toPostgres,
    toRedis,
    auditDirectory: join(directory, 'data', 'audit'),
    get process() {
      if (running === null) throw new Error(`Gateway ${name} was never started`);
      return running;
    },
    start: async (program) => void (running = await gatewayProcess(file, program === undefined ? { flags } : { flags, program })),
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
