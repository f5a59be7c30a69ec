// Each chunk that had to wait for the person's pace had a timer of its own; two that were due in the same millisecond could
// go out in the wrong order, and a document arrived scrambled.

import { createServer, request } from 'node:http';
import type { Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listen } from '../../src/http/listen.ts';
import { LiveStreams } from '../../src/http/live-streams.ts';
import { NodeExchange } from '../../src/http/node-exchange.ts';
import { sendReply } from '../../src/http/send-reply.ts';
import type { Sent } from '../../src/http/send-reply.ts';
import type { ReplyFacts } from '../../src/reply/reply-step.ts';
import type { ReplySink, UpstreamReply } from '../../src/ports.ts';

const limits = { bodyBytes: 1000, stallSeconds: 60, minimumBytesPerSecond: 1 };
const unopened = { method: 'GET', zones: [], session: { key: 'k' } } as unknown as ReplyFacts;
const facts: ReplyFacts = { ...unopened, stream: new LiveStreams().enter(unopened) };
const parts = Array.from({ length: 400 }, (_none, index) => `${index},`);

let server: Server;
let port = 0;
let waits: readonly number[] = [];
let sent: Promise<Sent> | null = null;

/** Gives everything at once, as a reply does whose first bytes came with its headers. */
function replyOf(texts: readonly string[]): UpstreamReply {
  const start = (sink: ReplySink): void => {
    for (const text of texts) sink.data(Buffer.from(text));
    sink.end();
  };
  const peek = (most: number): Promise<Buffer> => Promise.resolve(Buffer.from(texts.join('')).subarray(0, most));
  return {
    status: 200,
    headers: [],
    upgraded: null,
    peek,
    insert: () => undefined,
    start,
    resume: () => undefined,
    abort: () => undefined,
  };
}

beforeAll(async () => {
  server = createServer((incoming, response) => {
    let taken = 0;
    const meter = {
      take: () => ({ waitMilliseconds: waits[taken++ % waits.length] ?? 0 }),
      explain: () => ({ kind: 'refusal', reason: 'budget-exhausted' }) as const,
      finished: () => undefined,
    };
    sent = sendReply(
      { meterFor: () => meter, limits },
      facts,
      new NodeExchange(incoming, response, null, limits),
      replyOf(parts),
    );
  });
  port = await listen(server, 0, '127.0.0.1');
});
afterAll(() => void server.close());

test.each([
  ['all due in one millisecond', [2, 2, 2]],
  ['due within fractions of one', [1.9, 1.5, 1.1]],
  ['some due at once behind others that wait', [5, 0, 0, 1]],
  ['none waiting', [0]],
])('%s go out in the order in which they came', async (_what, given) => {
  waits = given;
  const body = await new Promise<string>((resolve, reject) => {
    request({ port, host: '127.0.0.1', agent: false }, (incoming) => {
      let text = '';
      incoming.on('data', (chunk: Buffer) => void (text += chunk.toString()));
      incoming.on('end', () => resolve(text));
    }).on('error', reject).end(); // prettier-ignore
  });
  expect(body).toBe(parts.join(''));
  expect(await sent).toEqual({ status: 200, bytes: body.length, transfer: 'complete' });
});
