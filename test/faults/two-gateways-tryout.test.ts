// The whole of it: two gateways behind a real balancer, Redis with Sentinel, PostgreSQL, people at work, and parts that fail at
// random while some of them are signed out. Nothing may be lost other than by a 503, nobody may be signed out who was not, nobody
// who was may come back, and what reached the EHR is on record.
// The suite takes thirty people and each failure once, `npm run soak` a thousand people for ten minutes, which wants two cores for itself.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Gateway } from '../../src/main.ts';
import { Chance } from '../../src/simulate/chance.ts';
import { expectAccounted } from '../support/accounted.ts';
import { askOnce } from '../support/at-work.ts';
import { startBalancer } from '../support/balancer.ts';
import type { Balancer } from '../support/balancer.ts';
import { endCommands } from '../support/command.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { eventually } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';
import { signedIn } from '../support/session-gateway.ts';
import { twoGateways } from '../support/two-gateways.ts';
import type { OneOfTwo, TwoGateways } from '../support/two-gateways.ts';

const haproxy = requirement('haproxy');
const isSoak = process.env.WARDGATE_SOAK === '1';
const seconds = Number(process.env.WARDGATE_TRYOUT_SECONDS ?? (isSoak ? 600 : 20));
const available = haproxy.available && requirement('postgres').available && requirement('redis').available;
const people = Number(process.env.WARDGATE_TRYOUT_PEOPLE ?? (isSoak ? 1000 : 30));
const seed = Number(process.env.WARDGATE_TRYOUT_SEED ?? (isSoak ? Date.now() % 100_000 : 7));
/** Between two requests of one person: what two cores can bear beside everything else that runs on them here. */
const pauseMilliseconds = isSoak ? 4000 : 250;
/** A second is meant; the machine is busy with all parts at once. */
const endsWithin = 4000;
const patience = 60_000;

type Standing = 'in' | 'leaving' | 'out';

/** One person's browser, and what became of what it asked. */
class Worker {
  readonly client: CookieClient;
  readonly name: string;
  standing: Standing = 'in';
  outSince = 0;
  readonly wrong: string[] = [];
  answered = 0;
  turnedAway = 0;

  constructor(name: string, client: CookieClient) {
    this.name = name;
    this.client = client;
  }

  async ask(url: string): Promise<void> {
    const [begun, before] = [performance.now(), this.standing];
    const { status, reason } = await askOnce(this.client, url);
    if (status === 503) this.turnedAway += 1;
    else if (status === 200) this.#served(begun, before);
    else if (status === 401) this.#refused(reason);
    else this.wrong.push(`${this.name} lost a request: ${status} ${reason} (${new Date().toISOString()})`);
  }

  #served(begun: number, before: Standing): void {
    this.answered += 1;
    if (before === 'out' && begun - this.outSince > endsWithin) this.wrong.push(`${this.name} was served after their end`);
  }

  #refused(reason: string): void {
    if (this.standing === 'in') this.wrong.push(`${this.name} was signed out: ${reason}`);
  }

  /** Again until it is certain; a 503 is none. */
  async leave(origin: string): Promise<void> {
    this.standing = 'leaving';
    const own = new CookieClient();
    for (const [host, port] of this.client.via) own.via.set(host, port);
    for (const [host, cookies] of this.client.jar) own.jar.set(host, new Map(cookies));
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin };
    const left = async (): Promise<boolean> => {
      const { status } = await own.ask(`${origin}/.wardgate/sign-out`, { method: 'POST', headers, body: '' });
      return status !== 503 && status < 500;
    };
    await eventually(async () => left().catch(() => false), `${this.name} to be signed out`, patience);
    this.outSince = performance.now();
    this.standing = 'out';
  }
}

let two: TwoGateways;
let balancer: Balancer;
const workers: Worker[] = [];

beforeAll(async () => {
  if (!available) return;
  const cookies: string[] = [];
  const before = async ({ composed }: Gateway): Promise<void> => {
    for (let i = 0; i < people; i += 1) {
      const { id, session } = signedIn('nurse');
      // The EHR knows one nurse; the gateways know each of these people by their own subject.
      const subject = { ...session.subject, sub: `nurse-${i}` };
      await composed.state.sessions.create({ ...session, reference: `${session.reference}-${i}`, subject });
      cookies.push(id);
    }
  };
  two = await twoGateways({ sentinel: true, replicas: 2, before });
  balancer = await startBalancer(haproxy.path ?? '', [two.a, two.b]);
  const { host } = new URL(two.origin);
  for (const [index, id] of cookies.entries()) {
    const client = new CookieClient();
    client.via.set(host, balancer.port);
    client.jar.set(host, new Map([['wardgate', id]]));
    workers.push(new Worker(`nurse-${index}`, client));
  }
}, 300_000);
afterAll(async () => {
  await endCommands();
  if (!available) return;
  await balancer.close();
  await two.close();
});

function seededOrder(names: readonly string[], chance: Chance): string[] {
  return names
    .map((name) => ({ name, at: chance.next() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ name }) => name);
}

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function restarted(gateway: OneOfTwo, signal: NodeJS.Signals): Promise<void> {
  await gateway.process.end(signal);
  await gateway.start();
}

async function theMaster(): Promise<TwoGateways['redis']> {
  for (const one of [two.redis, ...two.replicas]) {
    if (await one.isMaster()) return one;
  }
  return two.redis;
}

/** What may fail, each until it is well again. Sentinel takes the master that is dead or hangs for another. */
const failures: Readonly<Record<string, (chance: Chance) => Promise<void>>> = {
  'Redis is killed': async (chance) => {
    const master = await theMaster();
    await master.kill();
    await wait(chance.between(500, 3000));
    await master.start();
  },
  'Redis hangs': async (chance) => {
    const master = await theMaster();
    master.stop();
    await wait(chance.between(300, 3000));
    master.continue();
  },
  'PostgreSQL is killed': async (chance) => {
    await two.postgres.kill();
    await wait(chance.between(100, 1500));
    await two.postgres.start();
  },
  'PostgreSQL is not heard at A': async (chance) => {
    two.a.toPostgres.blackHole();
    await wait(chance.between(500, 2500));
    two.a.toPostgres.weather();
  },
  'A is killed': () => restarted(two.a, 'SIGKILL'),
  'B is killed': () => restarted(two.b, 'SIGKILL'),
  'A is asked to go': () => restarted(two.a, 'SIGTERM'),
  'B is asked to go': () => restarted(two.b, 'SIGTERM'),
};

test.skipIf(!available)(
  'parts fail at random, and nothing is lost, nobody is signed out, nobody comes back',
  { timeout: (seconds + 300) * 1000 },
  async ({ annotate }) => {
    const main = `${two.origin}/main`;
    const chance = new Chance(seed);
    const until = performance.now() + seconds * 1000;
    const isOver = (): boolean => performance.now() > until;
    const work = { isOver: false };
    const working = workers.map(async (one) => {
      await wait(chance.between(0, pauseMilliseconds));
      while (!work.isOver) {
        await one.ask(main);
        await wait(pauseMilliseconds);
      }
    });
    const leaving = (async () => {
      const goers = workers.slice(0, Math.floor(people / 4));
      for (const one of goers) {
        if (isOver()) return;
        await one.leave(two.origin);
        await wait((seconds * 1000) / goers.length / 2);
      }
    })();
    const failed: string[] = [];
    // Each once in an order of chance, and then on and on as long as there is time.
    const once = seededOrder(Object.keys(failures), chance);
    while (once.length > 0 || !isOver()) {
      const name = once.pop() ?? chance.of(Object.keys(failures));
      failed.push(name);
      await failures[name]?.(chance);
      await wait(chance.between(500, 2000));
    }
    await leaving;
    const ready = async () => (await Promise.all([two.a.ready(), two.b.ready()])).every(({ status }) => status === 200);
    await eventually(ready, 'both gateways to be ready again', patience);
    // Both know of everything by now; whoever is in is in at each, whoever is out at none.
    for (const one of workers) {
      for (const gateway of [two.a, two.b]) {
        two.send(one.client, gateway);
        const expected = one.standing === 'in' ? 200 : 401;
        const told: string[] = [];
        const stands = async (): Promise<boolean> => {
          const { status, reason } = await askOnce(one.client, main);
          told.push(`${status} ${reason}`);
          return status === expected;
        };
        await eventually(stands, `${one.name} to be told ${expected}`, patience).catch(() => {
          throw new Error(`${one.name}, who is ${one.standing}, was told ${told.slice(-2).join(', ')}`);
        });
      }
    }
    work.isOver = true;
    await Promise.all(working);
    const sum = (of: (one: Worker) => number): number => workers.reduce((total, one) => total + of(one), 0);
    await annotate(
      `seed ${seed}: ${sum((one) => one.answered)} answered, ${sum((one) => one.turnedAway)} told to try again, ` +
        `${workers.filter(({ standing }) => standing === 'out').length} signed out; ${failed.join(', ')}`,
    );
    expect(failed.length).toBeGreaterThanOrEqual(Object.keys(failures).length);
    const wrong = workers.flatMap((one) => one.wrong);
    await expectAccounted(two.ehr.requests(), ...two.auditDirectories);
    expect(wrong.slice(0, 10), `${wrong.length} in all`).toEqual([]);
  },
);
