// The gateway at a size that a part of the bench asks for: how many rules, sessions and records there are, and which store it
// stands on. Its session store and its memory are reached over the process channel, by orders, one at a time.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { loadConfiguration } from '../../src/config/load.ts';
import { renderMistake } from '../../src/config/mistake.ts';
import { auditEntry } from '../../src/core/audit/entry.ts';
import { unreachable } from '../../src/core/unreachable.ts';
import { startGateway } from '../../src/main.ts';
import { announce } from './report.ts';
import { sessionOf, signedIn } from './signed-in.ts';
import { writeSizedFiles, writeSizedRules } from './sized-files.ts';
import type { SizedFiles } from './sized-files.ts';

export interface SizedGateway extends SizedFiles {
  /** People who are signed in, whose cookies are given on the order `cookies`. */
  readonly people?: number;
  /** Records in the log before it opens. */
  readonly records?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Order =
  | { readonly order: 'sessions'; readonly count: number }
  | { readonly order: 'cookies' }
  | { readonly order: 'collect' }
  | { readonly order: 'reload'; readonly version: number };

const asked = JSON.parse(process.argv[2] ?? '{}') as SizedGateway;
const directory = mkdtempSync(join(tmpdir(), 'wardgate-bench-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
const file = writeSizedFiles(directory, asked);
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const loaded = await loadConfiguration(file);
if (!loaded.ok) throw new Error(loaded.mistakes.map(renderMistake).join('\n'));
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const gateway = await startGateway(loaded.configuration, quiet);
// Over a shared store nobody is let in before the others are heard.
while (!gateway.composed.state.standing.current) await new Promise((resolve) => setTimeout(resolve, 20));
await fill(asked.records ?? 0);
const cookies: string[] = [];
for (let at = 0; at < (asked.people ?? 1); at += 1) cookies.push(await signedIn(gateway, 'bench', `person-${at}`, 'physician'));

const page = { host: 'localhost:1', accept: 'text/html', 'sec-fetch-dest': 'document', ...asked.headers };
announce(gateway.port, { ...page, cookie: cookies[0] ?? '' }, '/chart?pid=7');
process.on('message', (message: Order | string) => {
  if (typeof message === 'object') void carryOut(message).then((done) => process.send?.({ done }));
});

async function carryOut(order: Order): Promise<unknown> {
  switch (order.order) {
    case 'sessions':
      await open(order.count);
      return order.count;
    case 'cookies':
      return cookies;
    case 'collect':
      // What ended a moment ago holds on until the next turn of the loop.
      for (let at = 0; at < 3; at += 1) {
        collect();
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return { ...process.memoryUsage() };
    case 'reload':
      return reload(order.version);
    default:
      return unreachable(order);
  }
}

/** New rules while requests go on; how long it took, and for how long at most nothing else could happen. */
async function reload(version: number): Promise<unknown> {
  writeSizedRules(directory, asked.rules ?? 200, version);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const began = performance.now();
  await gateway.reload();
  const milliseconds = performance.now() - began;
  // What it leaves behind is part of it.
  await new Promise((resolve) => setTimeout(resolve, 200));
  delay.disable();
  return { milliseconds, stoodMilliseconds: delay.max / 1e6 };
}

/** Through the store, many at a time, as a clinic that opens its doors. */
async function open(count: number): Promise<void> {
  const { sessions } = gateway.composed.state;
  const one = async (at: number): Promise<void> => {
    const issuer = 'https://login.example/realms/clinic';
    const subject = { issuer, sub: `sub-${at}`, name: `person${at}`, displayName: `Person ${at}` };
    const session = sessionOf(randomBytes(32).toString('base64url'), subject, 'physician');
    await sessions.create({ ...session, providerSession: randomBytes(16).toString('hex') });
  };
  for (let from = 0; from < count; from += 1000) {
    await Promise.all(Array.from({ length: Math.min(1000, count - from) }, (_, at) => one(from + at)));
  }
}

/** Through the gateway's own log, whose followers index and watch them. */
async function fill(records: number): Promise<void> {
  const { audit } = gateway.composed;
  for (let from = 0; from < records; from += 2000) {
    const batch = Array.from({ length: Math.min(2000, records - from) }, async (_, at) => {
      const place = { application: 'ehr', method: 'GET', target: '/chart?pid=-', category: 'chart', rule: 'charts' };
      const who = {
        subject: { issuer: 'bench', sub: `sub-${at}`, name: `person${at}` },
        patient: `patient-${(from + at) % 40_000}`,
      };
      const outcome = { decision: 'allowed', status: 200, bytesOut: 4096 } as const;
      const entry = auditEntry('outcome', Date.now(), { request: `fill-${from + at}`, ...place, ...who, ...outcome });
      await (
        await audit.append(entry)
      ).durable;
    });
    await Promise.all(batch);
  }
}
