// Target 7: the gateway over PostgreSQL and Redis beside the one with its own files: processor time of a request, and what is
// asked of Redis for it. Rows stand in PostgreSQL, and Redis carries what changed (decision 0050), so that a request of a
// session in memory asks neither of them.

import { Redis } from 'ioredis';
import { Client } from 'pg';
import { randomBytes } from 'node:crypto';
import { atMost } from '../goals.ts';
import { interleaved } from '../interleaved.ts';
import { measure, startTarget } from '../measure.ts';
import type { Target } from '../measure.ts';
import { startSized } from '../orders.ts';
import type { Found, Setting } from '../part.ts';
import { located } from '../peer-ground.ts';
import { startStores } from '../stores.ts';
import type { Stores } from '../stores.ts';
import type { Row } from '../summary.ts';
import { setTimeout as wait } from 'node:timers/promises';

/** What is written once a second for all who are at work comes under load too, and is no round trip of a request. */
const askedAtMost = 0.05;

const under = 'The store that several gateways share';

export async function sharedStore(setting: Setting): Promise<Found> {
  const [redis, postgres] = [located('redis-server'), located('postgres')];
  if (redis === null || postgres === null) {
    return { rows: [{ name: 'PostgreSQL and Redis', missing: redis === null ? 'redis-server' : 'postgres', under }], goals: [] };
  }
  const started: (Target | Stores)[] = [];
  const keep = <T extends Target | Stores>(one: T): T => {
    started.unshift(one);
    return one;
  };
  try {
    const upstream = keep(await startTarget('upstream', './targets/upstream.ts', [])).ready.port;
    const stores = keep(await startStores(redis, postgres));
    const embedded = keep(await startSized('its own files', { upstream }));
    const lines = [`store: { durable: "${stores.postgresUrl}", redis: "${stores.redisUrl}" }`];
    const masterKey = randomBytes(32).toString('base64');
    const shared = keep(await startSized('PostgreSQL and Redis', { upstream, lines, masterKey }));
    const rows = (await interleaved([embedded, shared], setting)) as [Row, Row];
    const asked = await counted(shared, stores, setting);
    const ratio = rows[1].microsecondsPerRequest / rows[0].microsecondsPerRequest;
    const figure = (name: string, value: number, unit: string) => ({ name, value, unit, under });
    return {
      rows: [
        ...rows.map((row) => ({ ...row, under })),
        figure('commands to Redis a second, nobody asking', asked.idle.commands, ''),
        figure('commands to Redis a second, under load', asked.loaded.commands, ''),
        figure('statements to PostgreSQL a second, nobody asking', asked.idle.statements, ''),
        figure('statements to PostgreSQL a second, under load', asked.loaded.statements, ''),
        figure('requests a second meanwhile', asked.requests, ''),
      ],
      goals: [
        atMost('7a', "processor time per request, times the embedded store's", ratio, 1.3),
        atMost('7b', 'commands to Redis for one request of a known session', asked.commandsPerRequest, askedAtMost),
        atMost('7c', 'statements to PostgreSQL for one request of a known session', asked.statementsPerRequest, askedAtMost),
      ],
    };
  } finally {
    for (const one of started) await one.stop();
  }
}

interface Asked {
  readonly commands: number;
  readonly statements: number;
}

/** A second of nothing, and a second of load: what comes more belongs to the requests. */
async function counted(target: Target, stores: Stores, { seconds, connections }: Setting) {
  const look = await looker(stores);
  try {
    await wait(2000);
    const idle = await during(look, async () => wait(seconds * 1000));
    let requests = 0;
    const loaded = await during(look, async () => {
      requests = (await measure(target, seconds, connections)).requestsPerSecond;
    });
    const each = (more: number, less: number): number => Math.max(0, more - less) / requests;
    return {
      idle,
      loaded,
      requests,
      commandsPerRequest: each(loaded.commands, idle.commands),
      statementsPerRequest: each(loaded.statements, idle.statements),
    };
  } finally {
    await look.end();
  }
}

interface Looker {
  readonly now: () => Promise<Asked>;
  readonly end: () => Promise<void>;
}

/** A second's worth of what came while the work went on. */
async function during({ now }: Looker, work: () => Promise<void>): Promise<Asked> {
  const [before, began] = [await now(), performance.now()];
  await work();
  const [after, took] = [await now(), (performance.now() - began) / 1000];
  return { commands: (after.commands - before.commands) / took, statements: (after.statements - before.statements) / took };
}

async function looker({ redisUrl, postgresUrl }: Stores): Promise<Looker> {
  const redis = new Redis(redisUrl);
  const postgres = new Client({ connectionString: postgresUrl });
  await postgres.connect();
  return {
    now: async () => {
      const calls = [...(await redis.info('commandstats')).matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)];
      const commands = calls.filter(([, name]) => name !== 'info').reduce((sum, [, , count]) => sum + Number(count), 0);
      // Statistics of a transaction are told after it; one that is under way counts the next time.
      const { rows } = await postgres.query<{ count: string }>(
        'SELECT sum(xact_commit + xact_rollback) AS count FROM pg_stat_database WHERE datname = current_database()',
      );
      return { commands, statements: Number(rows[0]?.count ?? 0) };
    },
    end: async () => {
      redis.disconnect();
      await postgres.end();
    },
  };
}
