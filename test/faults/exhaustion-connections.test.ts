// Connections that want everything and give nothing: slow, idle, endless, too many. Each attack ends by a limit that has a
// name, the gateway keeps little for it, the EHR sees nothing of it that it should not, and others are served meanwhile.
// WARDGATE_SOAK=1 takes the full numbers.

import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { askMany } from '../support/ask-many.ts';
import { eventually } from '../support/demo-story.ts';
import {
  exhaustionGateway,
  expectGrowth,
  grown,
  often,
  openFrom,
  openMany,
  seenBeside,
  whileServed,
} from '../support/exhaustion-gateway.ts';
import type { ExhaustionGateway } from '../support/exhaustion-gateway.ts';
import { answerOk } from '../support/wire-ehr.ts';
import type { WireRequest } from '../support/wire-ehr.ts';

const addresses = Array.from({ length: 10 }, (_, index) => `127.0.0.${index + 10}`);
const megabyte = 'x'.repeat(1_000_000);

const rules = ['{ name: all, paths: ["/**"], methods: [GET, POST], allow: everyone }'];

let gateway: ExhaustionGateway;
let sockets: Socket[] = [];

beforeAll(async () => {
  gateway = await exhaustionGateway({
    rules,
    ruleLines: ['downloads: { everyone: { files: unlimited, size: unlimited, patients: unlimited, then: refuse } }'],
    onlyLimits: 'headersTimeout: 2s, keepAlive: 3s, stall: 2s, header: 64KiB, drain: 1s',
  });
  // Warm: what is allocated once is no growth, neither for requests nor for as many connections.
  for (const socket of await openMany(gateway.port, often(300, 2000), addresses)) socket.destroy();
  await askMany(gateway.port, Array(4000).fill(gateway.head(gateway.cookies.nurse, 'GET /chart/work')), 32);
});
afterAll(async () => gateway.close());
afterEach(async () => {
  gateway.ehr.answer = answerOk;
  for (const socket of sockets.splice(0)) socket.destroy();
  await expect.poll(async () => (await gateway.look()).running, { timeout: 10_000 }).toBe(0);
  gateway.ehr.requests.length = 0;
});

/** Writes to every connection again and again until all have been closed by the gateway. */
async function dripUntilClosed(text: string): Promise<void> {
  const timer = setInterval(() => {
    for (const socket of sockets) if (!socket.destroyed) socket.write(text);
  }, 400);
  try {
    await eventually(() => sockets.every((socket) => socket.closed), 'every connection to be closed', often(20_000, 240_000));
  } finally {
    clearInterval(timer);
  }
}

function listen(socket: Socket): { text: string } {
  const heard = { text: '' };
  socket.on('data', (chunk: Buffer) => void (heard.text += chunk.toString('latin1')));
  return heard;
}

describe('slow connections', { timeout: often(60_000, 300_000) }, () => {
  test('headers that never end are answered 408, and nothing of them reaches the EHR', async () => {
    const before = await gateway.look();
    sockets = await openMany(gateway.port, often(300, 2000), addresses);
    const heard = sockets.map(listen);
    for (const socket of sockets) socket.write(`GET /chart/slow HTTP/1.1\r\nHost: ${gateway.host}\r\nX-Drip: `);
    await whileServed(gateway, () => dripUntilClosed('x'));
    expect(heard.filter(({ text }) => !text.startsWith('HTTP/1.1 408 '))).toEqual([]);
    expect(seenBeside(gateway)).toEqual([]);
    await expectGrowth(gateway, before, often(40, 120));
  });

  test('bodies below the minimum rate are cut, and the share of their person leaves room for others', async () => {
    const before = await gateway.look();
    gateway.ehr.answer = (request) => (request.line.includes('/slow') ? undefined : answerOk(request));
    sockets = await openMany(gateway.port, often(60, 900), addresses);
    for (const socket of sockets)
      socket.resume().write(gateway.head(gateway.cookies.nurse, 'POST /slow', 'Content-Length: 100000'));
    await whileServed(gateway, () => dripUntilClosed('xxxx'));
    expect(gateway.ehr.requests.filter(({ line, whole }) => line.includes('/slow') && whole)).toEqual([]);
    await expectGrowth(gateway, before, often(60, 150));
  });

  test('readers who do not read hold little, and are cut', async () => {
    const before = await gateway.look();
    const sent: WireRequest[] = [];
    gateway.ehr.answer = (request) => (request.line.includes('/large') ? sendLarge(request, sent) : answerOk(request));
    sockets = await openMany(gateway.port, 30, addresses);
    for (const socket of sockets) socket.pause().write(gateway.head(gateway.cookies.nurse, 'GET /large'));
    let most = 0;
    await whileServed(gateway, async () => {
      await eventually(() => sent.length === 30, 'every download to begin');
      const until = performance.now() + 2000;
      while (performance.now() < until) most = Math.max(most, (await gateway.look()).residentBytes);
      await expect.poll(async () => (await gateway.look()).running, { timeout: 20_000 }).toBe(0);
    });
    // 3 GB are on offer: the gateway keeps some buffers for each download and no more.
    expect((most - before.residentBytes) / 1e6).toBeLessThan(150);
    expect((await gateway.look()).liveSessions).toBe(0);
    const cut = (): number =>
      gateway.records().filter((one) => one['event'] === 'outcome' && one['target'] === '/large' && one['reason'] === 'stalled')
        .length;
    await expect.poll(cut, { timeout: 5000 }).toBe(30);
  });
});

function sendLarge(request: WireRequest, sent: WireRequest[]): void {
  sent.push(request);
  const { socket } = request;
  socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: 100000000\r\n\r\n');
  let left = 100;
  const go = (): void => {
    while (left > 0 && !socket.destroyed) {
      left -= 1;
      if (!socket.write(megabyte)) return void socket.once('drain', go);
    }
  };
  go();
}

describe('many connections', { timeout: often(60_000, 300_000) }, () => {
  test('a flood of too large headers is answered 431', async () => {
    const before = await gateway.look();
    const flood = Array<string>(often(300, 3000)).fill(gateway.head('', 'GET /chart', `X-Fill: ${'a'.repeat(100_000)}`));
    const many = Array<string>(often(300, 3000)).fill(
      gateway.head('', 'GET /chart', ...Array.from({ length: 400 }, (_, index) => `X-${index}: a`)),
    );
    const answers = await whileServed(gateway, () => askMany(gateway.port, [...flood, ...many], 64));
    // What is refused while it is still being sent may be cut off before the answer is read.
    expect(answers.filter(({ status }) => status !== 431 && status !== 0)).toEqual([]);
    expect(answers.filter(({ status }) => status === 431).length).toBeGreaterThan(many.length - 1);
    expect(seenBeside(gateway)).toEqual([]);
    await expectGrowth(gateway, before, 60);
  });

  test('idle connections from several addresses cost little and end by themselves', async () => {
    // Longer than it takes to open them all.
    const patient = await exhaustionGateway({ rules, onlyLimits: `headersTimeout: ${often(4, 30)}s, drain: 1s` });
    try {
      await askMany(patient.port, Array<string>(200).fill(patient.head(patient.cookies.nurse, 'GET /chart/work')), 8);
      const before = await patient.look();
      const count = often(1000, 5000);
      sockets = await openMany(patient.port, count, addresses);
      for (const socket of sockets) socket.resume();
      await expect.poll(async () => (await patient.look()).files, { timeout: 10_000 }).toBeGreaterThan(count * 0.9);
      expect(grown(before, await patient.look())).toBeLessThan(often(60, 200));
      await whileServed(patient, () => dripUntilClosed(''));
      expect(seenBeside(patient)).toEqual([]);
      expect((await patient.look()).files).toBeLessThan(before.files + 20);
    } finally {
      await patient.close();
    }
  });

  test('one address has its thousand and no more; another is let in', async () => {
    sockets = await openMany(gateway.port, 1000, ['127.0.0.30']);
    const over = await openFrom(gateway.port, '127.0.0.30');
    sockets.push(over);
    const heard = listen(over);
    over.write(gateway.head(gateway.cookies.nurse, 'GET /chart/over'));
    await eventually(() => over.closed, 'the connection over the cap to be closed');
    expect(heard.text).toBe('');
    await whileServed(gateway, async () => undefined);
    expect(seenBeside(gateway)).toEqual([]);
  });

  test('requests sent ahead by the thousand behind one that hangs are not kept: their connection is closed', async () => {
    const before = await gateway.look();
    gateway.ehr.answer = (request) => (request.line.includes('/hangs') ? undefined : answerOk(request));
    sockets = await openMany(gateway.port, often(60, 150), addresses);
    const ahead = gateway.head(gateway.cookies.nurse, 'GET /chart/ahead').repeat(5000);
    for (const socket of sockets) socket.resume().write(gateway.head(gateway.cookies.nurse, 'GET /hangs') + ahead);
    await whileServed(gateway, () => eventually(() => sockets.every(({ closed }) => closed), 'every connection to be closed'));
    // Kept whole they would take some 3 MB each; what was read before the end is garbage by now.
    expect(((await gateway.look()).heapBytes - before.heapBytes) / 1e6).toBeLessThan(20);
    expect(seenBeside(gateway).filter((line) => line.includes('/ahead'))).toEqual([]);
  });
});

describe('large headers within the limit', () => {
  test(
    'three hundred cookies beside ours are read in time, and ten thousand are refused at once',
    { timeout: often(60_000, 300_000) },
    async () => {
      const cookies = (count: number): string => Array.from({ length: count }, (_, index) => `a=${index % 10}`).join(';');
      const requestsWith = (count: number): string[] =>
        Array<string>(often(100, 2000)).fill(
          gateway.head(`${gateway.cookies.nurse}; ${cookies(count)}`, `GET /chart/cookies${count}`),
        );
      const requests = requestsWith(299);
      const began = performance.now();
      const answers = await whileServed(gateway, () => askMany(gateway.port, requests, 8));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      // 2 ms each where nothing goes wrong; a comparison of all with all would take seconds each.
      expect((performance.now() - began) / requests.length).toBeLessThan(200);
      expect(gateway.ehr.requests.filter(({ headers }) => headers.some(([, value]) => value.includes('wardgate=')))).toEqual([]);
      const refused = await whileServed(gateway, () => askMany(gateway.port, requestsWith(10_000), 8));
      expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([431]));
      expect(seenBeside(gateway).filter((line) => line.includes('/cookies10000'))).toEqual([]);
    },
  );
});
