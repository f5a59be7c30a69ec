// People who go away at any moment: before the headers, in the middle of them, in the body, before the reply, within it,
// and out of a live connection. Afterwards the gateway holds what it held before, the EHR has no connection left over, and
// the audit is whole. 5,000 of them here, 50,000 with WARDGATE_SOAK=1.

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verify } from '../support/audit-log.ts';
import { exhaustionGateway, isSoak, often, openFrom } from '../support/exhaustion-gateway.ts';
import type { ExhaustionGateway, Look } from '../support/exhaustion-gateway.ts';
import { askMany } from '../support/ask-many.ts';
import { seeded } from '../support/seeded.ts';
import { answerOk } from '../support/wire-ehr.ts';
import type { WireRequest } from '../support/wire-ehr.ts';

const count = often(5000, 50_000);
const lanes = 48;
/** How far heap and handles may be from where they were. */
const tolerance = isSoak ? 0.05 : 0.1;

let gateway: ExhaustionGateway;

beforeAll(async () => {
  gateway = await exhaustionGateway({
    rules: [
      '{ name: live, paths: ["/ws"], allow: everyone, webSocket: true }',
      '{ name: forms, paths: ["/form"], methods: [POST], when: { form: { send: present } }, allow: everyone }',
      '{ name: all, paths: ["/**"], methods: [GET, POST], allow: everyone }',
    ],
    ruleLines: ['downloads: { everyone: { files: unlimited, size: unlimited, patients: unlimited, then: refuse } }'],
    onlyLimits: 'connectionsPerAddress: 1000, drain: 2s, requestsPerSocket: 100000',
  });
  gateway.ehr.answer = answer;
});
afterAll(async () => gateway.close());

/** Some at once, some slowly and in part, some never. */
function answer(request: WireRequest): void {
  const { line, socket, headers } = request;
  if (line.startsWith('GET /ws')) return accept(request);
  if (line.includes('/never')) return;
  if (!line.includes('/part')) return answerOk(request);
  if (headers.length > 0)
    socket.write(`HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 300000\r\n\r\n${'x'.repeat(100_000)}`);
}

function accept({ headers, socket }: WireRequest): void {
  const key = headers.find(([name]) => name === 'sec-websocket-key')?.[1] ?? '';
  const accepted = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accepted}\r\n\r\n`,
  );
}

const origin = (): string => `Origin: http://${gateway.host}`;
const form = 'Content-Type: application/x-www-form-urlencoded';

/** Whole requests, of which a part is sent. */
function requests(): readonly string[] {
  const { head, cookies } = gateway;
  return [
    head(cookies.nurse, 'GET /chart'),
    head(cookies.physician, 'GET /never'),
    head(cookies.nurse, 'GET /part'),
    head('', 'GET /chart'),
    head('', 'GET /.wardgate/signed-out'),
    head(cookies.it, 'POST /chart', origin(), form, 'Content-Length: 3000') + 'x'.repeat(3000),
    head(cookies.it, 'POST /form', origin(), form, 'Content-Length: 3000') + `send=1&x=${'x'.repeat(2991)}`,
    head(cookies.nurse, 'POST /.wardgate/step-up', origin(), form, 'Content-Length: 300') + `code=${'1'.repeat(295)}`,
    head(
      cookies.physician,
      'GET /ws',
      origin(),
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ),
  ];
}

/** Sends the request up to somewhere, waits for a moment or for some bytes of the answer, and is gone, politely or not. */
async function leaveSomewhere(random: () => number, text: string): Promise<void> {
  const socket = await openFrom(gateway.port, `127.0.0.${40 + Math.floor(random() * 5)}`);
  const upTo = random() < 0.5 ? text.length : Math.floor(random() * text.length);
  const patience = random() * 12;
  const waitsForBytes = random() < 0.3;
  await new Promise<void>((resolve) => {
    const over = (): void => {
      if (random() < 0.3) socket.resetAndDestroy();
      else if (random() < 0.5) socket.end();
      socket.destroy();
    };
    const timer = setTimeout(over, patience + (waitsForBytes ? 100 : 0));
    if (waitsForBytes) socket.once('data', over);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    if (upTo > 0) socket.write(text.slice(0, upTo), 'latin1');
  });
}

async function leaveMany(times: number, seed: number): Promise<void> {
  const texts = requests();
  let left = times;
  const lane = async (number: number): Promise<void> => {
    const random = seeded(seed + number);
    while (left > 0) {
      left -= 1;
      await leaveSomewhere(random, texts[Math.floor(random() * texts.length)] ?? '');
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
  gateway.ehr.requests.length = 0;
}

/** What is held once nothing runs: the least over a while, because rest is what is asked for. */
async function atRest(): Promise<Look> {
  await expect.poll(async () => handles(await gateway.look()), { timeout: 20_000, interval: 200 }).toBeLessThan(40);
  // Idle connections to the EHR end after four seconds.
  await expect.poll(() => gateway.ehr.open(), { timeout: 20_000, interval: 100 }).toBe(0);
  const looks: Look[] = [];
  while (looks.length < 10) {
    looks.push(await gateway.look());
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  // Each figure for itself: a look in the middle of a collection has the least heap and not always the fewest handles.
  const least = looks.reduce((one, next) => (next.heapBytes < one.heapBytes ? next : one));
  const { resources } = looks.reduce((one, next) => (handles(next) < handles(one) ? next : one));
  return { ...least, resources, files: Math.min(...looks.map(({ files }) => files)) };
}

function handles({ resources }: Look): number {
  return resources.reduce((sum, [, number]) => sum + number, 0);
}

test(`${count} requests broken off anywhere leave nothing behind`, { timeout: often(120_000, 900_000) }, async () => {
  // As many kinds and lanes as later, so that whatever is made once has been made.
  await leaveMany(often(2500, 5000), 1);
  const before = await atRest();
  await leaveMany(count, 1000);
  const after = await atRest();
  expect({ live: after.liveSessions, sockets: after.webSockets, running: after.running, waiting: after.waiting }).toEqual({
    live: 0,
    sockets: 0,
    running: 0,
    waiting: 0,
  });
  expect(after.heapBytes).toBeLessThan(before.heapBytes * (1 + tolerance));
  // What a busy machine has not come to yet goes by itself; what was left behind does not.
  const most = Math.ceil(handles(before) * (1 + tolerance));
  await expect.poll(async () => handles(await gateway.look()), { timeout: 30_000, interval: 200 }).toBeLessThanOrEqual(most);
  expect(after.files).toBeLessThanOrEqual(Math.ceil(before.files * (1 + tolerance)));
  expect(gateway.ehr.open()).toBe(0);
  const answers = await askMany(gateway.port, Array<string>(20).fill(gateway.head(gateway.cookies.nurse, 'GET /chart')), 4);
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  await gateway.stop();
  expect(await verify(gateway.auditDirectory)).toMatchObject({ sound: true, flaw: null });
  const ids = (event: string) => new Set(gateway.records().filter((one) => one['event'] === event).map((one) => one['request'])); // prettier-ignore
  const outcomes = ids('outcome');
  expect(ids('attempt').size).toBeGreaterThan(count / 10);
  expect([...ids('attempt')].filter((id) => !outcomes.has(id))).toEqual([]);
  // oxlint-disable-next-line no-console -- the figures are what the long form is run for
  console.log(
    `heap ${(before.heapBytes / 1e6).toFixed(1)} → ${(after.heapBytes / 1e6).toFixed(1)} MB, handles ${handles(before)} → ${handles(after)}, files ${before.files} → ${after.files}, resident ${(before.residentBytes / 1e6).toFixed(0)} → ${(after.residentBytes / 1e6).toFixed(0)} MB`,
  );
});
