// A look at the first bytes of a reply, over real connections: of the pool, and of a WebSocket handshake that was answered
// with an ordinary reply. Whoever starts the body afterwards gets every byte once and in order.

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { UndiciUpstream } from '../../src/adapters/upstream-undici.ts';
import { WebSocketUpstream } from '../../src/adapters/upstream-websocket.ts';
import { canonicalize } from '../../src/core/target/canonicalize.ts';
import type { UpstreamReply, UpstreamRequest } from '../../src/ports.ts';
import { eventually } from '../support/demo-story.ts';
import { exchangeOf } from '../support/edge-facts.ts';
import { answerOk, startWireEhr } from '../support/wire-ehr.ts';
import type { WireEhr } from '../support/wire-ehr.ts';

const limits = {
  upstreamConnections: 3,
  upstreamConnectSeconds: 1,
  upstreamHeadersSeconds: 10,
  upstreamBodyStallSeconds: 1,
  upstreamConnectionsPerPerson: 2,
  upstreamQueue: 4,
  webSocketsPerPerson: 5,
};

let ehr: WireEhr;
let pool: UndiciUpstream;
let sockets: WebSocketUpstream;

beforeAll(async () => {
  ehr = await startWireEhr();
  const origins = new Map([['ehr', { origin: ehr.origin, ca: null }]]);
  pool = new UndiciUpstream(origins, limits);
  sockets = new WebSocketUpstream(origins, limits);
});
afterAll(async () => {
  await pool.close();
  await ehr.close();
});
beforeEach(() => void (ehr.answer = answerOk));

function ask(way: string): Promise<UpstreamReply> {
  const target = canonicalize('/a', 'generic', 1000);
  if ('reason' in target) throw new Error(target.detail);
  const headers = ['host', 'ehr.example'];
  const request: UpstreamRequest = { application: 'ehr', method: 'GET', target, headers, exchange: exchangeOf(), headerTimeoutSeconds: null, person: 'p' }; // prettier-ignore
  return way === 'pool' ? pool.request(request) : sockets.open(request);
}

/** Everything that comes once the body is started, and how it ended. */
function bodyOf(reply: UpstreamReply): Promise<{ readonly text: string; readonly ended: string }> {
  return new Promise((resolve) => {
    let text = '';
    reply.start({
      data: (chunk) => ((text += chunk.toString('latin1')), true),
      end: () => resolve({ text, ended: 'well' }),
      fail: () => resolve({ text, ended: 'broken' }),
    });
  });
}

/** Answers with these parts, each as soon as the one before was written; the connection is then left as `end` says. */
function inParts(length: number, parts: readonly string[], end: 'open' | 'broken' = 'open'): void {
  ehr.answer = ({ socket }) => {
    socket.setNoDelay(true);
    const write = (at: number): void => {
      const part = parts[at];
      if (part === undefined) return end === 'broken' ? void socket.destroy() : undefined;
      return void socket.write(part, 'latin1', () => setImmediate(() => write(at + 1)));
    };
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`, () => write(0));
  };
}

describe.each(['pool', 'handshake'])('%s', (way) => {
  test.each([
    [0, ''],
    [1, 'o'],
    [2, 'ok'],
    [100, 'ok'],
  ])('%i bytes of two', async (most, expected) => {
    const reply = await ask(way);
    expect((await reply.peek(most)).toString()).toBe(expected);
    expect(await bodyOf(reply)).toEqual({ text: 'ok', ended: 'well' });
  });

  test('parts that come one by one are looked at together and come once', async () => {
    const parts = Array.from({ length: 50 }, (_none, at) => `part ${at};`);
    inParts(parts.join('').length, parts);
    const reply = await ask(way);
    const looked = await reply.peek(200);
    expect(looked.toString()).toBe(parts.join('').slice(0, 200));
    expect(await bodyOf(reply)).toEqual({ text: parts.join(''), ended: 'well' });
  });

  test('a large body rests behind the look, and comes whole', async () => {
    // More than the buffers of both kernels' ends hold.
    const text = Array.from({ length: 3_000_000 }, (_none, at) => `${at},`).join('');
    ehr.answer = ({ socket }) => void socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`);
    const reply = await ask(way);
    expect((await reply.peek(4096)).toString()).toBe(text.slice(0, 4096));
    // What the EHR could not get rid of yet stays with it: nothing here swallows the whole.
    const socket = ehr.requests.at(-1)?.socket;
    expect(socket?.writableLength).toBeGreaterThan(0);
    const body = await bodyOf(reply);
    expect([body.text === text, body.ended]).toEqual([true, 'well']);
  });

  test('whoever takes the body slowly gets it whole after a look', async () => {
    const text = Array.from({ length: 100_000 }, (_none, at) => `${at},`).join('');
    ehr.answer = ({ socket }) => void socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`);
    const reply = await ask(way);
    await reply.peek(100);
    const taken = await new Promise<string>((resolve, reject) => {
      let [got, full] = ['', false];
      const data = (chunk: Buffer): boolean => {
        if (full && way === 'pool') reject(new Error('More came while it was full'));
        full = true;
        got += chunk.toString('latin1');
        setImmediate(() => ((full = false), reply.resume()));
        return false;
      };
      reply.start({ data, end: () => resolve(got), fail: reject });
    });
    expect(taken === text).toBe(true);
  });

  test('a body that breaks off is told as far as it went, and broken to whoever starts it', async () => {
    inParts(100, ['abc'], 'broken');
    const reply = await ask(way);
    expect((await reply.peek(50)).toString()).toBe('abc');
    expect(await bodyOf(reply)).toEqual({ text: 'abc', ended: 'broken' });
  });

  test('a body that stops is waited for no longer than the limit', async () => {
    inParts(100, ['abc']);
    const reply = await ask(way);
    expect((await reply.peek(50)).toString()).toBe('abc');
    reply.abort(new Error('enough'));
  });

  test('stopping ends the waiting', async () => {
    inParts(100, ['abc']);
    const reply = await ask(way);
    const looked = reply.peek(50);
    const socket = await eventually(() => ehr.requests.at(-1)?.socket, 'the connection');
    reply.abort(new Error('left'));
    expect('abc').toContain((await looked).toString());
    await eventually(() => socket.destroyed, 'the EHR to be let go');
    expect((await bodyOf(reply)).ended).toBe('broken');
  });

  test('a reply without a body has nothing to look at', async () => {
    ehr.answer = ({ socket }) => void socket.write('HTTP/1.1 204 No Content\r\n\r\n');
    const reply = await ask(way);
    expect((await reply.peek(50)).length).toBe(0);
    expect(await bodyOf(reply)).toEqual({ text: '', ended: 'well' });
  });
});

test('a live connection has no body', async () => {
  ehr.answer = ({ socket, headers }) => {
    const key = headers.find(([name]) => name === 'sec-websocket-key')?.[1] ?? '';
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`); // prettier-ignore
  };
  const reply = await ask('handshake');
  expect([reply.status, (await reply.peek(10)).length]).toEqual([101, 0]);
  reply.abort(new Error('done'));
});
