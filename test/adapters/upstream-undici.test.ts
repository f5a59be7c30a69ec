// The way to the EHR by itself: what it sends, what it makes of failures, and that places are given back.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { UndiciUpstream } from '../../src/adapters/upstream-undici.ts';
import { upstreamFault } from '../../src/adapters/upstream-fault.ts';
import { Fault } from '../../src/core/faults.ts';
import { canonicalize } from '../../src/core/target/canonicalize.ts';
import type { CanonicalTarget } from '../../src/core/target/canonical-target.ts';
import type { Exchange, UpstreamReply, UpstreamRequest } from '../../src/ports.ts';
import { exchangeOf } from '../support/edge-facts.ts';
import { eventually } from '../support/demo-story.ts';
import { answerOk, answerRaw, startWireEhr } from '../support/wire-ehr.ts';
import type { WireEhr } from '../support/wire-ehr.ts';

let ehr: WireEhr;
let pool: UndiciUpstream;

const limits = {
  upstreamConnections: 3,
  upstreamConnectSeconds: 1,
  upstreamHeadersSeconds: 10,
  upstreamBodyStallSeconds: 10,
  upstreamConnectionsPerPerson: 1,
  upstreamQueue: 4,
};

beforeAll(async () => {
  ehr = await startWireEhr();
  const gone = await startWireEhr();
  await gone.close();
  pool = new UndiciUpstream(new Map([['ehr', { origin: ehr.origin, ca: null }], ['gone', { origin: gone.origin, ca: null }]]), limits); // prettier-ignore
});
afterAll(async () => {
  await pool.close();
  await ehr.close();
});
beforeEach(() => void (ehr.answer = answerOk));

function targetOf(raw: string): CanonicalTarget {
  const target = canonicalize(raw, 'generic', 1000);
  if ('reason' in target) throw new Error(target.detail);
  return target;
}

function ask(more: Partial<UpstreamRequest> = {}): Promise<UpstreamReply> {
  const headers = ['host', 'ehr.example', 'x-a', 'b'];
  return pool.request({
    application: 'ehr',
    method: 'GET',
    target: targetOf('/a?b'),
    headers,
    exchange: exchangeOf(),
    headerTimeoutSeconds: null,
    person: 'p',
    ...more,
  });
}

function bodyOf(reply: UpstreamReply): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    reply.start({ data: (chunk) => ((text += chunk.toString()), true), end: () => resolve(text), fail: reject });
  });
}

/** An exchange whose client can leave. */
function leaving(): { readonly exchange: Exchange; readonly leave: () => void } {
  const callbacks: (() => void)[] = [];
  const state = { aborted: false };
  const exchange = { ...exchangeOf(), onAbort: (callback: () => void) => void callbacks.push(callback), get aborted() { return state.aborted; } }; // prettier-ignore
  return { exchange, leave: () => ((state.aborted = true), callbacks.forEach((callback) => callback())) };
}

test('the request line is the canonical target, and the headers are ours', async () => {
  const reply = await ask();
  expect([reply.status, await bodyOf(reply)]).toEqual([200, 'ok']);
  const seen = ehr.requests.at(-1);
  expect(seen?.line).toBe('GET /a?b HTTP/1.1');
  expect(seen?.headers).toEqual(expect.arrayContaining([['host', 'ehr.example'], ['x-a', 'b']])); // prettier-ignore
});

describe('what breaks', () => {
  test.each<readonly [what: string, more: () => Partial<UpstreamRequest>, code: string]>([
    ['nobody listens', () => ({ application: 'gone' }), 'upstream-unreachable'],
    ['no such application', () => ({ application: 'other' }), 'internal'],
    [
      'a target that is not canonical',
      () => ({ target: { path: '//evil.test', query: null, segments: [] } as unknown as CanonicalTarget }),
      'internal',
    ],
    [
      'a target that is no path',
      () => ({ target: { path: 'http://evil.test', query: null, segments: [] } as unknown as CanonicalTarget }),
      'internal',
    ],
    ['a header with a line break', () => ({ headers: ['host', 'a', 'x-a', 'b\r\nx-c: d'] }), 'upstream-unreachable'],
    ['a header of the connection', () => ({ headers: ['host', 'a', 'transfer-encoding', 'chunked'] }), 'upstream-unreachable'],
    ['too long a silence', () => ((ehr.answer = () => undefined), { headerTimeoutSeconds: 0.2 }), 'upstream-timeout'],
    ['the client has left already', () => ({ exchange: exchangeOf([], { aborted: true }) }), 'upstream-unreachable'],
  ])('%s, and the place is free again', async (_what, more, code) => {
    const before = ehr.requests.length;
    await expect(ask(more())).rejects.toMatchObject({ name: 'Fault', code });
    expect(pool.load).toEqual({ running: 0, waiting: 0 });
    expect(ehr.requests.length - before).toBe(code === 'upstream-timeout' ? 1 : 0);
  });

  test('a request is never sent twice', async () => {
    const before = ehr.requests.length;
    ehr.answer = ({ socket }) => void socket.resetAndDestroy();
    for (const method of ['GET', 'POST']) await expect(ask({ method })).rejects.toBeInstanceOf(Fault);
    expect(ehr.requests).toHaveLength(before + 2);
  });

  test('a redirect is not followed', async () => {
    ehr.answer = answerRaw('HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n');
    const before = ehr.requests.length;
    const reply = await ask();
    expect([reply.status, await bodyOf(reply)]).toEqual([302, '']);
    expect(ehr.requests).toHaveLength(before + 1);
  });

  test.each([
    [Object.assign(new Error('x'), { code: 'UND_ERR_HEADERS_TIMEOUT' }), 'upstream-timeout'],
    [Object.assign(new Error('x'), { code: 'UND_ERR_CONNECT_TIMEOUT' }), 'upstream-unreachable'],
    [Object.assign(new Error('x'), { code: 'HPE_INVALID_CONSTANT' }), 'upstream-misbehaved'],
    [Object.assign(new Error('x'), { name: 'HTTPParserError' }), 'upstream-misbehaved'],
    [Object.assign(new Error('bad upgrade'), { code: 'UND_ERR_SOCKET' }), 'upstream-misbehaved'],
    [Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }), 'upstream-unreachable'],
    [Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'upstream-unreachable'],
    ['not an error', 'upstream-unreachable'],
    [new Fault('upstream-busy'), 'upstream-busy'],
  ])('%s is called %s', (cause, code) => {
    expect(upstreamFault(cause).code).toBe(code);
  });
});

describe('waiting for a turn', () => {
  test('one of a person waits for the other', async () => {
    const first = await ask();
    const second = ask();
    expect(pool.load).toEqual({ running: 1, waiting: 1 });
    expect(await bodyOf(first)).toBe('ok');
    expect(await bodyOf(await second)).toBe('ok');
    expect(pool.load).toEqual({ running: 0, waiting: 0 });
  });

  test('a client that leaves while it waits leaves the queue, and the EHR never sees its request', async () => {
    const before = ehr.requests.length;
    const first = await ask();
    const { exchange, leave } = leaving();
    const waits = ask({ exchange });
    expect(pool.load.waiting).toBe(1);
    leave();
    await expect(waits).rejects.toMatchObject({ code: 'upstream-unreachable' });
    expect(pool.load).toEqual({ running: 1, waiting: 0 });
    await bodyOf(first);
    expect(pool.load.running).toBe(0);
    expect(ehr.requests).toHaveLength(before + 1);
  });

  test('a client that leaves under way frees its place', async () => {
    ehr.answer = () => undefined;
    const { exchange, leave } = leaving();
    const before = ehr.requests.length;
    const under = ask({ exchange });
    const request = await eventually(() => ehr.requests[before], 'the request');
    leave();
    await expect(under).rejects.toBeInstanceOf(Fault);
    await eventually(() => request.socket.destroyed, 'the EHR to be let go');
    expect(pool.load).toEqual({ running: 0, waiting: 0 });
  });
});
