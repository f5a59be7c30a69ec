// Real Redis servers for one test file: in a temporary directory, on ports of their own, stopped and removed at the end. Only
// processes that were started here are ever signalled.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { RedisSettings } from '../../src/core/store/store-settings.ts';
import { freePort } from '../../src/demo/free-port.ts';
import { eventually } from './demo-story.ts';

const host = '127.0.0.1';

/** As a clinic would name one server without anything special about it. */
export const plainRedis: RedisSettings = {
  kind: 'single',
  servers: [],
  sentinelName: null,
  user: null,
  password: null,
  sentinelPassword: null,
  tls: false,
  trust: null,
  replicas: 0,
  prefix: 'wardgate-test',
};

export class RedisServer {
  readonly #program: string;
  readonly #args: readonly string[];
  readonly #directory: string;
  readonly port: number;
  /** How a client gets in that has nothing to do with what is tried. */
  readonly #way: object;
  #child: ChildProcess | null = null;

  constructor(program: string, port: number, directory: string, args: readonly string[], way: object = {}) {
    this.#program = program;
    this.#args = args;
    this.#directory = directory;
    this.port = port;
    this.#way = way;
  }

  get settings(): RedisSettings {
    return { ...plainRedis, servers: [{ host, port: this.port }] };
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  async start(): Promise<void> {
    this.#child = spawn(this.#program, this.#args, { cwd: this.#directory, stdio: 'ignore' });
    await eventually(async () => (await this.command('PING').catch(() => null)) === 'PONG', 'a Redis that answers');
  }

  /** One command over a connection of its own. */
  async command(name: string, ...args: readonly string[]): Promise<unknown> {
    const client = new Redis({
      host,
      port: this.port,
      lazyConnect: true,
      retryStrategy: null,
      connectTimeout: 2000,
      ...this.#way,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await client.call(name, ...args);
    } finally {
      client.disconnect();
    }
  }

  async isMaster(): Promise<boolean> {
    return this.#saysOfItself('role:master');
  }

  /** It is a replica and has what its master has. */
  async follows(): Promise<boolean> {
    return this.#saysOfItself('master_link_status:up');
  }

  /** Not where it cannot be asked: Sentinel closes all connections of one that it demotes. */
  async #saysOfItself(line: string): Promise<boolean> {
    return String(await this.command('INFO', 'replication').catch(() => '')).includes(line);
  }

  /** Hangs: connections stay, nothing is answered. */
  stop(): void {
    this.#child?.kill('SIGSTOP');
  }

  continue(): void {
    this.#child?.kill('SIGCONT');
  }

  /** As a machine that loses its power. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
}

/** All servers of one test file. */
export class RedisServers {
  readonly #program: string;
  readonly #directory = mkdtempSync(join(tmpdir(), 'wardgate-redis-'));
  readonly #servers: RedisServer[] = [];

  constructor(program: string) {
    this.#program = program;
  }

  async server(args: readonly string[] = [], way: object = {}): Promise<RedisServer> {
    const port = await freePort();
    return this.#start(port, ['--port', String(port), ...args], way);
  }

  /** Follows the master, and has what it has before this resolves. */
  async replicaOf({ port }: { readonly port: number }): Promise<RedisServer> {
    const replica = await this.server(['--replicaof', host, String(port)]);
    await eventually(async () => replica.follows(), 'a replica');
    return replica;
  }

  /** One Sentinel that decides alone, quickly. */
  async sentinelOf(master: { readonly port: number }, name: string, replicas = 1): Promise<RedisServer> {
    const port = await freePort();
    const file = join(this.#directory, `sentinel-${port}.conf`);
    const lines = [
      `port ${port}`,
      `bind ${host}`,
      `sentinel monitor ${name} ${host} ${master.port} 1`,
      `sentinel down-after-milliseconds ${name} 500`,
      `sentinel failover-timeout ${name} 2000`,
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
    const sentinel = await this.#start(port, [file, '--sentinel'], {});
    await eventually(
      async () => ((await sentinel.command('SENTINEL', 'replicas', name)) as unknown[]).length === replicas,
      'a Sentinel that knows the replicas',
    );
    return sentinel;
  }

  /** Three masters that share the keys. */
  async cluster(): Promise<readonly RedisServer[]> {
    const slots = [0, 5461, 10923, 16384];
    const [first, ...others] = await Promise.all([freePort(), freePort(), freePort()]);
    const start = async (bus: number, index: number): Promise<RedisServer> => {
      // By itself the bus takes a port ten thousand above, where systems hand out ports.
      const node = await this.server(['--cluster-enabled', 'yes', '--cluster-port', String(bus)]);
      await node.command('CLUSTER', 'ADDSLOTSRANGE', String(slots[index]), String((slots[index + 1] ?? 0) - 1));
      await node.command('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
      return node;
    };
    const nodes = await Promise.all([first, ...others].map(start));
    for (const node of nodes.slice(1)) {
      await node.command('CLUSTER', 'MEET', host, String(nodes[0]?.port), String(first));
    }
    for (const node of nodes) {
      await eventually(async () => {
        const info = String(await node.command('CLUSTER', 'INFO'));
        return info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3');
      }, 'a cluster');
    }
    return nodes;
  }

  async close(): Promise<void> {
    for (const server of this.#servers) server.continue();
    await Promise.all(this.#servers.map((server) => server.kill()));
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #start(port: number, args: readonly string[], way: object): Promise<RedisServer> {
    const directory = join(this.#directory, String(port));
    mkdirSync(directory);
    const common = args.includes('--sentinel')
      ? []
      : ['--bind', host, '--save', '', '--repl-diskless-sync-delay', '0', '--dir', directory];
    const server = new RedisServer(this.#program, port, directory, [...args, ...common], way);
    this.#servers.push(server);
    await server.start();
    return server;
  }
}
