// The memory of a chunk is given back once the chunk is written, and never before: what arrives is what the EHR sent, byte for
// byte, over TLS and without, to whoever reads slowly, and whatever had to wait for its pace.

import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, get } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { createServer as createSecureServer, get as getSecure } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UndiciUpstream } from '../../src/adapters/upstream-undici.ts';
import { canonicalize } from '../../src/core/target/canonicalize.ts';
import { givingBack } from '../../src/http/give-memory-back.ts';
import { listen } from '../../src/http/listen.ts';
import { LiveStreams } from '../../src/http/live-streams.ts';
import { NodeExchange } from '../../src/http/node-exchange.ts';
import { sendReply } from '../../src/http/send-reply.ts';
import type { ReplyFacts } from '../../src/reply/reply-step.ts';
import { makeCertificate } from '../support/certificate.ts';

const limits = {
  bodyBytes: 1000,
  stallSeconds: 60,
  minimumBytesPerSecond: 1,
  upstreamConnections: 4,
  upstreamConnectSeconds: 5,
  upstreamHeadersSeconds: 5,
  upstreamBodyStallSeconds: 5,
  upstreamConnectionsPerPerson: 4,
  upstreamQueue: 4,
};
const file = randomBytes(12_000_000);
const wanted = createHash('sha256').update(file).digest('hex');
const servers: Server[] = [];
const directory = mkdtempSync(join(tmpdir(), 'wardgate-test-'));
let pool: UndiciUpstream;
let ports: Readonly<Record<'plain' | 'tls', number>>;

const ehr: RequestListener = (request, response) => {
  if (request.url === '/whole') response.setHeader('content-length', file.length);
  for (let at = 0; at < file.length; at += 50_000) response.write(file.subarray(at, at + 50_000));
  response.end();
};

const gateway: RequestListener = (incoming, response) => {
  const exchange = new NodeExchange(incoming, response, null, limits);
  const target = canonicalize(exchange.rawTarget, 'generic', 1000);
  if ('reason' in target) throw new Error(target.detail);
  const asked = { application: 'ehr', method: 'GET', target, headers: ['host', 'ehr'], exchange, headerTimeoutSeconds: null };
  const unopened = { method: 'GET', zones: [], session: { key: 'k' } } as unknown as ReplyFacts;
  const facts: ReplyFacts = { ...unopened, stream: new LiveStreams().enter(unopened) };
  const paced = incoming.headers['x-paced'] === 'yes';
  let taken = 0;
  const meter = {
    take: () => ({ waitMilliseconds: paced && taken++ % 20 === 0 ? 2 : 0 }),
    explain: () => ({ kind: 'refusal', reason: 'budget-exhausted' }) as const,
    finished: () => undefined,
  };
  void pool
    .request({ ...asked, person: 'p' })
    .then((reply) => sendReply({ meterFor: () => meter, limits }, facts, exchange, reply));
};

beforeAll(async () => {
  const { certificate, key } = makeCertificate(directory, 'gateway');
  const started = [
    createServer(ehr),
    createServer(gateway),
    createSecureServer({ cert: readFileSync(certificate), key: readFileSync(key) }, gateway),
  ];
  servers.push(...started);
  for (const server of started) await listen(server, 0, '127.0.0.1');
  const [origin = 0, plain = 0, tls = 0] = started.map((server) => (server.address() as AddressInfo).port);
  ports = { plain, tls };
  pool = new UndiciUpstream(new Map([['ehr', { origin: `http://127.0.0.1:${origin}`, ca: null }]]), limits);
});
afterAll(async () => {
  await pool.close();
  for (const server of servers) server.close();
  rmSync(directory, { recursive: true, force: true });
});

/** The SHA-256 of what comes; a slow reader stops for a while after each piece now and then. */
function download(way: 'plain' | 'tls', path: string, slow: boolean, paced: boolean): Promise<string> {
  const options = { port: ports[way], host: '127.0.0.1', path, agent: false, headers: { 'x-paced': paced ? 'yes' : 'no' } };
  return new Promise((resolve, reject) => {
    const hear = (reply: IncomingMessage): void => {
      const hash = createHash('sha256');
      let pieces = 0;
      reply.on('data', (piece: Buffer) => {
        hash.update(piece);
        if (!slow || (pieces += 1) % 25 !== 0) return;
        reply.pause();
        setTimeout(() => reply.resume(), 5);
      });
      reply.on('end', () => resolve(hash.digest('hex'))).on('error', reject);
    };
    const asked = way === 'plain' ? get(options, hear) : getSecure({ ...options, rejectUnauthorized: false }, hear);
    asked.on('error', reject);
  });
}

test.each([
  ['plain', '/whole', false, false],
  ['plain', '/whole', true, false],
  ['plain', '/whole', true, true],
  ['plain', '/chunked', true, false],
  ['tls', '/whole', false, false],
  ['tls', '/whole', true, true],
  ['tls', '/chunked', true, false],
] as const)('%s, %s, slow reader %s, paced %s: every byte arrives as it was', async (way, path, slow, paced) => {
  const got = await Promise.all([download(way, path, slow, paced), download(way, path, slow, paced)]);
  expect(got).toEqual([wanted, wanted]);
});

const own = (bytes: number): Buffer<ArrayBuffer> => Buffer.from(new ArrayBuffer(bytes));

test('what was written is given back, at once', () => {
  const chunk = own(65_536);
  givingBack(chunk)?.(null);
  expect(chunk.length).toBe(0);
});

test('what could not be written is left alone', () => {
  const chunk = own(65_536);
  givingBack(chunk)?.(new Error('The client left'));
  expect(chunk.length).toBe(65_536);
});

test.each([
  ['the beginning of something', own(65_536).subarray(0, 40_000)],
  ['its end', own(65_536).subarray(100)],
  ['something small', own(1000)],
  ['a part of the pool', Buffer.from('x'.repeat(100))],
])('%s is left alone', (_what, chunk) => {
  expect(givingBack(chunk)).toBeUndefined();
});
