// Mixed work for a while, with people who leave in the middle and an EHR that breaks: afterwards the gateway holds no more
// open files, connections or memory than before. WARDGATE_SOAK_SECONDS=20 goes on for longer.

import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { verify } from '../support/audit-log.ts';
import { clinic } from '../support/clinic.ts';
import type { Clinic } from '../support/clinic.ts';
import { endCommands, gatewayProcess } from '../support/command.ts';
import type { Command } from '../support/command.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { eventually, records } from '../support/demo-story.ts';
import { enrol } from '../support/enrol.ts';
import { seeded } from '../support/seeded.ts';

const seconds = Number(process.env.WARDGATE_SOAK_SECONDS ?? 4);
const script = { accept: '*/*', 'sec-fetch-mode': 'cors' };
const form = { ...script, 'content-type': 'application/x-www-form-urlencoded' };

let place: Clinic;
let gateway: Command;
let nurse: CookieClient;

beforeAll(async () => {
  const shipped = readFileSync(new URL('../../config/rules.yaml', import.meta.url), 'utf8');
  const budget = 'everyone: { files: 1000000/hour, size: 1000GB/day, patients: 1000000/hour, then: refuse }';
  const rules = `${shipped.slice(0, shipped.indexOf('\ndownloads:'))}\ndownloads:\n  ${budget}\n`;
  place = await clinic({ rules });
  const collect = fileURLToPath(new URL('../support/collect-on-signal.ts', import.meta.url));
  gateway = await gatewayProcess(place.file, { flags: ['--expose-gc', '--import', collect] });
  nurse = (await enrol(place.origin, 'newcomer')).client;
});
afterAll(async () => {
  await endCommands();
  await place.close();
});

const work: readonly (() => Promise<unknown>)[] = [
  () => nurse.ask(`${place.origin}/chart?pid=7`, { headers: script }),
  () => nurse.ask(`${place.origin}/chart/notes?pid=7`, { method: 'POST', body: 'note=x', headers: form }),
  () => nurse.ask(`${place.origin}/poll/reminders`, { headers: script }),
  () => nurse.ask(`${place.origin}/files/large?megabytes=1&length=unknown`, { headers: script }),
  () => nurse.ask(`${place.origin}/admin/users`, { headers: script }),
  () => nurse.ask(`${place.origin}/not/in/any/rule`, { headers: script }),
  () => nurse.ask(`${place.origin}/upload`, { method: 'POST', body: 'x'.repeat(100_000), headers: form }),
  () => new CookieClient().ask(`${place.origin}/chart?pid=7`, { headers: script }),
  () => new CookieClient().page(`${place.origin}/.wardgate/sign-in?login_hint=nurse&return=%2Fmain`),
  () => nurse.ask(`${place.origin}/fault/reset`, { headers: script }),
  () => nurse.ask(`${place.origin}/fault/mid-body`, { headers: script }),
  () => nurse.ask(`${place.origin}/fault/short`, { headers: script }),
  () => nurse.ask(`${place.origin}/fault/garbage`, { headers: script }),
  () => leaves('GET', '/slow?seconds=20'),
  () => leaves('GET', '/fault/hang'),
  () => leaves('GET', '/files/large?megabytes=500'),
  () => leaves('POST', '/upload'),
  liveConnection,
];

/** A person who goes away in the middle. */
function leaves(method: string, path: string): Promise<void> {
  return new Promise((resolve) => {
    const headers = {
      ...form,
      cookie: nurse.cookieHeader(place.origin),
      ...(method === 'POST' ? { 'content-length': '1000000' } : {}),
    };
    const outgoing = request(place.origin + path, { method, headers, agent: false });
    outgoing.on('response', (reply) => reply.once('data', () => outgoing.destroy())).on('error', () => undefined);
    outgoing.on('close', () => resolve());
    if (method === 'POST') outgoing.write('x'.repeat(5000));
    else outgoing.end();
    setTimeout(() => outgoing.destroy(), 150);
  });
}

/** Says something, hears it, and either closes in good order or is gone. */
function liveConnection(): Promise<void> {
  return new Promise((resolve) => {
    const line = new WebSocket(`${place.origin.replace('http', 'ws')}/ws/messages`, {
      headers: { cookie: nurse.cookieHeader(place.origin), origin: place.origin },
    });
    line.once('message', () =>
      line.protocol === '' && Math.trunc(performance.now()) % 2 === 0 ? line.close() : line.terminate(),
    );
    line.on('error', () => resolve()).on('close', () => resolve());
  });
}

interface Held {
  readonly files: number;
  readonly handles: number;
  readonly heapMegabytes: number;
}

async function held(): Promise<Held> {
  gateway.child.kill('SIGUSR2');
  const text = await (await fetch(`http://127.0.0.1:${place.healthPort}/metrics`, { headers: { connection: 'close' } })).text();
  const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  return {
    files: value('process_open_fds'),
    handles: value('nodejs_active_resources_total'),
    heapMegabytes: value('nodejs_heap_size_used_bytes') / 1e6,
  };
}

/** What is held once everything has settled: the least over a while, because rest is what is asked for. */
async function atRest(): Promise<Held> {
  const looks: Held[] = [];
  while (looks.length < 15) {
    looks.push(await held());
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const least = (key: keyof Held): number => Math.min(...looks.map((look) => look[key]));
  return { files: least('files'), handles: least('handles'), heapMegabytes: least('heapMegabytes') };
}

async function mixed(milliseconds: number, seed: number): Promise<number> {
  const until = performance.now() + milliseconds;
  let done = 0;
  const lane = async (number: number): Promise<void> => {
    const random = seeded(seed + number);
    while (performance.now() < until) {
      await work[Math.floor(random() * work.length)]?.().catch(() => undefined);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: 12 }, (_, number) => lane(number)));
  return done;
}

test(`${seconds} s of mixed work leave nothing behind`, { timeout: 120_000 + seconds * 2000 }, async () => {
  await mixed(2000, 1);
  // The last of the threads to begin; what it holds is no leak.
  await eventually(() => records(place).some(({ detail }) => String(detail).startsWith('Records are kept')), 'the policy');
  const before = await atRest();
  const done = await mixed(seconds * 1000, 100);
  const after = await atRest();
  expect(done).toBeGreaterThan(seconds * 10);
  expect(after.files).toBeLessThanOrEqual(before.files + 3);
  expect(after.handles).toBeLessThanOrEqual(before.handles + 3);
  expect(after.heapMegabytes).toBeLessThan(before.heapMegabytes + 20);
  expect(await gateway.end()).toEqual({ code: 0, signal: null });
  const ids = (event: string) => new Set(records(place).filter((one) => one['event'] === event).map((one) => one['request'])); // prettier-ignore
  const outcomes = ids('outcome');
  expect([...ids('attempt')].filter((id) => !outcomes.has(id))).toEqual([]);
  expect(await verify(place.auditDirectory)).toMatchObject({ sound: true, flaw: null });
});
