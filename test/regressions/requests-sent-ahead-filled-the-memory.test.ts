// A stranger sent 990 requests of 15 KB ahead on each of 60 connections. Every one was parsed and kept until its turn came:
// the process grew from 158 MB to 1,350 MB in seconds, and no account was needed. Now a connection on which more than a
// few wait is cut, and nobody else notices.

import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/demo-story.ts';
import { exhaustionGateway, openMany, seenBeside, whileServed } from '../support/exhaustion-gateway.ts';
import type { ExhaustionGateway } from '../support/exhaustion-gateway.ts';
import { answerOk } from '../support/wire-ehr.ts';

let gateway: ExhaustionGateway;
let sockets: Socket[] = [];

beforeAll(async () => {
  gateway = await exhaustionGateway({
    rules: ['{ name: all, paths: ["/**"], methods: [GET, POST], allow: everyone }'],
    ruleLines: ['downloads: { everyone: { files: unlimited, size: unlimited, patients: unlimited, then: refuse } }'],
    onlyLimits: 'drain: 1s',
  });
});
afterAll(async () => gateway.close());
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  gateway.ehr.requests.length = 0;
});

test.each([
  ['of 15 KB', () => gateway.head('', 'GET /.wardgate/sign-in', `X-Fill: ${'a'.repeat(15_000)}`)],
  ['as short as can be', () => 'GET / HTTP/1.1\r\n\r\n'],
])(
  '60 connections with 990 requests %s each take little memory, and others are served',
  { timeout: 60_000 },
  async (_what, one) => {
    gateway.ehr.answer = (request) => (request.line.includes('/held') ? undefined : answerOk(request));
    const before = await gateway.look();
    sockets = await openMany(gateway.port, 60, ['127.0.0.1']);
    // The first is not answered, as a busy gateway would not, so that all the others wait.
    for (const socket of sockets) socket.resume().write(gateway.head(gateway.cookies.nurse, 'GET /held'));
    await eventually(() => seenBeside(gateway).length >= 16, 'the EHR to hold some of them');
    for (const socket of sockets) socket.write(one().repeat(990));
    let most = before.heapBytes;
    await whileServed(gateway, async () => {
      const until = performance.now() + 3000;
      while (performance.now() < until) most = Math.max(most, (await gateway.look()).heapBytes);
    });
    // 60 times sixteen requests of 15 KB are 15 MB; all that were sent are 890 MB.
    expect((most - before.heapBytes) / 1e6).toBeLessThan(50);
    expect(seenBeside(gateway).filter((line) => !line.includes('/held'))).toEqual([]);
  },
);

test('a plain client that sends sixteen ahead gets every answer, in order', async () => {
  gateway.ehr.answer = answerOk;
  sockets = await openMany(gateway.port, 1, ['127.0.0.1']);
  const paths = Array.from({ length: 17 }, (_, index) => `/chart/${index}`);
  let heard = '';
  for (const socket of sockets) {
    socket.on('data', (chunk: Buffer) => void (heard += chunk.toString('latin1')));
    socket.write(paths.map((path) => gateway.head(gateway.cookies.nurse, `GET ${path}`)).join(''));
  }
  await eventually(() => heard.split('HTTP/1.1 200 ').length === 18, 'every answer');
  expect(gateway.ehr.requests.map(({ line }) => line)).toEqual(paths.map((path) => `GET ${path} HTTP/1.1`));
});
