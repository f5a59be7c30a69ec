// 100 MB on their way when the session locks: a download and an upload go on beneath the lock, byte for byte, and the gateway
// keeps none of it in memory; when the session ends they are cut.

import { createHash, randomBytes } from 'node:crypto';
import { createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { arrive, roleLines, script } from '../support/clinic-story.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { eventually, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const rules = `${roleLines}
rules:
  - { name: all, paths: ["/**"], methods: [GET, POST], allow: everyone }
`;
const piece = randomBytes(1_000_000);
const pieces = 100;
const whole = createHash('sha256');
for (let at = 0; at < pieces; at += 1) whole.update(piece);
const expected = whole.digest('hex');
/** What sockets and pipes on both sides may hold; the whole is more than twice as much. */
const mostHeld = 40_000_000;

let demo: Demo;
const clock = new ShiftingClock();
/** What the EHR does with the body of an upload: reads on once it may. */
let readOn = (): void => undefined;
let uploaded = '';
const ehr = createServer((incoming, outgoing) => void (incoming.method === 'POST' ? take(incoming, outgoing) : give(outgoing)));

beforeAll(async () => {
  await new Promise<void>((resolve) => ehr.listen(0, '127.0.0.1', resolve));
  const upstream = `http://127.0.0.1:${(ehr.address() as AddressInfo).port}`;
  demo = await story({
    rules,
    clock,
    applicationLines: ['signOn: none'],
    rewriteGateway: (yaml) => yaml.replace(/upstream: .*/, `upstream: ${upstream}`),
  });
});
afterAll(async () => {
  await demo.close();
  ehr.closeAllConnections();
  await new Promise((resolve) => ehr.close(resolve));
});

async function give(outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': piece.length * pieces });
  for (let at = 0; at < pieces && !outgoing.destroyed; at += 1)
    if (!outgoing.write(piece)) await new Promise((resolve) => outgoing.once('drain', resolve).once('close', resolve));
  outgoing.end();
}

async function take(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => (readOn = resolve));
  const sum = createHash('sha256');
  for await (const chunk of incoming as AsyncIterable<Buffer>) sum.update(chunk);
  uploaded = sum.digest('hex');
  outgoing.writeHead(200, { 'content-type': 'text/plain' }).end('taken');
}

async function nurse(): Promise<CookieClient> {
  clock.forward({ minutes: 2 });
  return arrive(demo, 'nurse', clock, undefined, '/start');
}

function open(client: CookieClient, method: string, headers: Record<string, string> = {}) {
  const { hostname, port } = new URL(demo.origin);
  const cookie = client.cookieHeader(demo.origin);
  const shape = { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'same-origin', origin: demo.origin };
  return request({ host: hostname, port, path: '/large', method, headers: { cookie, ...shape, ...headers }, agent: false });
}

async function lock(client: CookieClient): Promise<void> {
  clock.forward({ minutes: 16 });
  expect((await script(client, `${demo.origin}/beat`)).status).toBe(423);
}

const held = (): number => process.memoryUsage().arrayBuffers;

async function begun(client: CookieClient): Promise<IncomingMessage> {
  const outgoing = open(client, 'GET');
  outgoing.on('error', () => undefined).end();
  return new Promise((resolve) => outgoing.once('response', resolve));
}

test('a download goes on beneath the lock, to its last byte', async () => {
  const client = await nurse();
  const before = held();
  const reply = await begun(client);
  await lock(client);
  // Nobody has read anything yet: what is on its way lies in pipes of a bounded size.
  expect(held() - before).toBeLessThan(mostHeld);
  const sum = createHash('sha256');
  for await (const chunk of reply as AsyncIterable<Buffer>) sum.update(chunk);
  expect(sum.digest('hex')).toBe(expected);
});

test('an upload goes on beneath the lock, to its last byte', async () => {
  const client = await nurse();
  const before = held();
  const outgoing = open(client, 'POST', {
    'content-type': 'application/octet-stream',
    'content-length': String(piece.length * pieces),
  });
  const answer = new Promise<IncomingMessage>((resolve) => outgoing.once('response', resolve));
  let written = 0;
  const write = (): void => {
    while (written < pieces) {
      written += 1;
      if (!outgoing.write(piece)) return void outgoing.once('drain', write);
    }
    outgoing.end();
  };
  write();
  const begins = readOn;
  await eventually(() => readOn !== begins, 'the upload at the EHR');
  await lock(client);
  expect(written).toBeLessThan(pieces);
  expect(held() - before).toBeLessThan(mostHeld);
  readOn();
  const reply = await answer;
  reply.resume();
  expect([reply.statusCode, uploaded]).toEqual([200, expected]);
});

test('a download is cut when the session ends', async () => {
  const client = await nurse();
  const reply = await begun(client);
  clock.forward({ minutes: 46 });
  expect((await script(client, `${demo.origin}/beat`)).status).toBe(401);
  const read = async (): Promise<number> => {
    let bytes = 0;
    for await (const chunk of reply as AsyncIterable<Buffer>) bytes += chunk.length;
    return bytes;
  };
  await expect(read()).rejects.toThrow();
});
