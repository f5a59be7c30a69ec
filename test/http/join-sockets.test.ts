// Two joined sockets: what the client says reaches an EHR that reads slowly, whole and without piling up in the gateway, and a
// client that has said everything is still told what the EHR has to say.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { joinSockets } from '../../src/http/join-sockets.ts';
import { LiveStreams } from '../../src/http/live-streams.ts';
import type { NodeExchange } from '../../src/http/node-exchange.ts';
import type { ReplyFacts } from '../../src/reply/reply-step.ts';

const mebibyte = 1024 * 1024;

/** Both ends of one connection: the gateway's, and that of whom it talks to. */
async function connected(): Promise<{ readonly ours: Socket; readonly theirs: Socket }> {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const theirs = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
  const [ours] = (await once(server, 'connection')) as [Socket];
  server.close();
  onTestFinished(() => void [ours, theirs].map((socket) => socket.destroy()));
  return { ours, theirs };
}

async function joined(head: Buffer) {
  const [client, ehr] = [await connected(), await connected()];
  const meter = { take: () => ({ waitMilliseconds: 0 }), explain: () => ({}), finished: () => undefined };
  const unopened = { zones: [], session: { key: 'k' }, headers: new Map(), reply: { headers: [] } } as unknown as ReplyFacts;
  const facts: ReplyFacts = { ...unopened, stream: new LiveStreams().enter(unopened) };
  const exchange = { leaveHttp: () => ({ socket: client.ours, head }) } as unknown as NodeExchange;
  const needs = { meterFor: () => meter as never, sockets: new Set<(code: number) => void>() };
  const sent = joinSockets(needs, facts, exchange, { socket: ehr.ours, head: Buffer.alloc(0) });
  return { client, ehr, sent, needs };
}

test('an EHR that reads slowly gets everything, and the gateway holds little of it', async () => {
  const [head, said] = [randomBytes(1000), randomBytes(24 * mebibyte)];
  const { client, ehr, sent, needs } = await joined(head);
  const heard = once(client.theirs, 'data');
  client.theirs.write(said);
  await heard;
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(ehr.ours.writableLength).toBeLessThan(mebibyte);
  expect(client.ours.isPaused()).toBe(true);
  const got = buffer(ehr.theirs);
  client.theirs.end();
  expect((await got).equals(Buffer.concat([head, said]))).toBe(true);
  const answer = buffer(client.theirs);
  ehr.theirs.end('the last word');
  expect((await answer).toString()).toMatch(/the last word$/);
  expect(await sent).toEqual({ status: 101, bytes: 13, bytesIn: head.length + said.length, transfer: 'complete' });
  expect(needs.sockets.size).toBe(0);
});
