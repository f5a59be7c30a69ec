// Requests of our own to an EHR: what goes on the wire, what is kept of the answer, and what breaks.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { UpstreamEhrClient } from '../../src/adapters/ehr-client.ts';
import { UndiciUpstream } from '../../src/adapters/upstream-undici.ts';
import type { EhrReply } from '../../src/core/ehr/ehr-reply.ts';
import type { EhrRequest } from '../../src/ehr-ports.ts';
import { eventually } from '../support/demo-story.ts';
import { applicationOf } from '../support/edge-facts.ts';
import { answerOk, answerRaw, answerWhole, startWireEhr } from '../support/wire-ehr.ts';
import type { WireEhr, WireRequest } from '../support/wire-ehr.ts';

const limits = {
  upstreamConnections: 3,
  upstreamConnectSeconds: 1,
  upstreamHeadersSeconds: 10,
  upstreamBodyStallSeconds: 10,
  upstreamConnectionsPerPerson: 2,
  upstreamQueue: 0,
};

let ehr: WireEhr;
let pool: UndiciUpstream;
let client: UpstreamEhrClient;

beforeAll(async () => {
  ehr = await startWireEhr();
  const gone = await startWireEhr();
  await gone.close();
  const places = { ehr: ehr.origin, own: ehr.origin, named: ehr.origin, gone: gone.origin };
  pool = new UndiciUpstream(new Map(Object.entries(places).map(([name, origin]) => [name, { origin, ca: null }])), limits);
  client = clientOf();
});
afterAll(async () => {
  await pool.close();
  await ehr.close();
});
beforeEach(() => void (ehr.answer = answerWhole));

function clientOf(seconds?: number): UpstreamEhrClient {
  const applications = [
    applicationOf({ name: 'ehr' }),
    applicationOf({ name: 'own', hostHeader: 'upstream', upstream: 'http://10.0.0.5:8080' }),
    applicationOf({ name: 'named', hostHeader: { literal: 'old.local' }, secure: false }),
    applicationOf({ name: 'gone' }),
    applicationOf({ name: 'unwired' }),
  ];
  return new UpstreamEhrClient(pool, new Map(applications.map((one) => [one.name, one])), seconds);
}

const request = (more: Partial<EhrRequest> = {}): EhrRequest => ({ method: 'GET', target: '/login', headers: [], body: null, address: '10.1.1.1', ...more }); // prettier-ignore

function send(more: Partial<EhrRequest> = {}, application = 'ehr'): Promise<EhrReply> {
  return client.send(application, request(more));
}

function lastRequest(): WireRequest {
  const last = ehr.requests.at(-1);
  if (!last) throw new Error('Nothing reached the EHR');
  return last;
}

const answerWith = (head: string, body: string): void => void (ehr.answer = answerRaw(`HTTP/1.1 200 OK\r\n${head}Content-Length: ${Buffer.byteLength(body, 'latin1')}\r\n\r\n${body}`)); // prettier-ignore

describe('what is sent', () => {
  test('the line as it was given, and headers that are ours alone', async () => {
    const headers = ['cookie', 'JSESSIONID=1', 'Host', 'evil.test', 'X-Forwarded-For', '6.6.6.6', 'Accept-Encoding', 'gzip'];
    const reply = await send({ target: '/a;jsessionid=0A1?x=%41&y=/', headers });
    expect(lastRequest().line).toBe('GET /a;jsessionid=0A1?x=%41&y=/ HTTP/1.1');
    expect(lastRequest().headers.filter(([name]) => name !== 'connection')).toEqual([
      ['host', 'ehr.example'],
      ['cookie', 'JSESSIONID=1'],
      ['user-agent', 'Wardgate'],
      ['accept-encoding', 'identity'],
      ['x-forwarded-for', '10.1.1.1'],
      ['x-forwarded-proto', 'https'],
      ['x-forwarded-host', 'ehr.example'],
      ['forwarded', 'for=10.1.1.1;host="ehr.example";proto=https'],
    ]);
    expect(reply).toMatchObject({ target: '/a;jsessionid=0A1?x=%41&y=/', status: 200, body: 'ok' });
    expect(reply.headers).toEqual(['Content-Type', 'text/plain', 'Content-Length', '2']);
  });

  test.each([
    ['ehr', 'ehr.example', 'https'],
    ['own', '10.0.0.5:8080', 'https'],
    ['named', 'old.local', 'http'],
  ])('%s is asked by the name %s', async (application, host, protocol) => {
    await send({}, application);
    expect(Object.fromEntries(lastRequest().headers)).toMatchObject({ host, 'x-forwarded-proto': protocol });
  });

  test.each([
    ['GET', null, undefined, ''],
    ['POST', 'user=ada&pass=Wörter', '21', 'user=ada&pass=W\xc3\xb6rter'],
    ['POST', null, '0', ''],
    ['DELETE', null, undefined, ''],
  ] as const)('%s with the body %j', async (method, body, length, received) => {
    await send({ method, body, headers: ['content-length', '9999', 'transfer-encoding', 'chunked'] });
    const { headers, body: arrived, line } = lastRequest();
    expect([line, Object.fromEntries(headers)['content-length'], arrived]).toEqual([
      `${method} /login HTTP/1.1`,
      length,
      received,
    ]);
    expect(headers.filter(([name]) => name === 'transfer-encoding')).toEqual([]);
  });

  test('a recipe may speak as another agent', async () => {
    await send({ headers: ['User-Agent', 'Old Browser'] });
    expect(lastRequest().headers.filter(([name]) => name === 'user-agent')).toEqual([['user-agent', 'Old Browser']]);
  });

  test('one that carried a body shares its connection with nobody', async () => {
    await send({ method: 'POST', body: 'a=b' });
    const { connection } = lastRequest();
    await send();
    expect(lastRequest().connection).not.toBe(connection);
  });
});

describe('what is kept', () => {
  test('a redirect is handed over and not followed', async () => {
    ehr.answer = answerRaw(
      'HTTP/1.1 302 Found\r\nLocation: /home\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 0\r\n\r\n',
    );
    const before = ehr.requests.length;
    const { status, headers, body } = await send();
    expect([status, headers, body]).toEqual([
      302,
      ['Location', '/home', 'Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'Content-Length', '0'],
      '',
    ]);
    expect(ehr.requests).toHaveLength(before + 1);
  });

  test.each([
    ['', 'h\xc3\xa4', 'hä'],
    ['Content-Type: text/html; charset=UTF-8\r\n', '\xef\xbb\xbf{"a":1}', '{"a":1}'],
    ['Content-Type: text/html;charset=ISO-8859-1\r\n', 'h\xe4', 'hä'],
    ['Content-Type: text/html; charset="iso-8859-1"\r\n', 'h\xe4', 'hä'],
    ['Content-Type: text/html; charset=utf-8\r\n', 'h\xe4!', 'h\ufffd!'],
  ])('%j', async (head, bytes, text) => {
    answerWith(head, bytes);
    expect((await send()).body).toBe(text);
  });

  test('64 KB of a body without an end; the EHR is then let go', async () => {
    ehr.answer = ({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      const more = (): void => void (socket.writable && socket.write(`400\r\n${'x'.repeat(1024)}\r\n`, () => setImmediate(more)));
      more();
    };
    const { body } = await send();
    expect([body.length, body === 'x'.repeat(65_536)]).toEqual([65_536, true]);
    await eventually(() => lastRequest().socket.destroyed, 'the EHR to be let go');
    expect(pool.load).toEqual({ running: 0, waiting: 0 });
  });

  test('exactly 64 KB', async () => {
    answerWith('', 'y'.repeat(65_536));
    expect((await send()).body).toBe('y'.repeat(65_536));
  });

  test('an empty body may call itself compressed', async () => {
    answerWith('Content-Encoding: gzip\r\n', '');
    expect((await send()).body).toBe('');
  });
});

describe('what breaks', () => {
  test.each<readonly [what: string, more: Partial<EhrRequest>, application: string, code: string]>([
    ['nobody listens', {}, 'gone', 'upstream-unreachable'],
    ['no such application', {}, 'other', 'internal'],
    ['one without a pool', {}, 'unwired', 'internal'],
    ['an address on another host', { target: '//evil.test/' }, 'ehr', 'upstream-misbehaved'],
    ['an absolute address', { target: 'http://evil.test/' }, 'ehr', 'upstream-misbehaved'],
    ['no address', { target: '' }, 'ehr', 'upstream-misbehaved'],
    ['a second request in the line', { target: '/a HTTP/1.1\r\nHost: b\r\n\r\nGET /b' }, 'ehr', 'upstream-misbehaved'],
    ['a fragment', { target: '/a#b' }, 'ehr', 'upstream-misbehaved'],
    ['other letters', { target: '/ä' }, 'ehr', 'upstream-misbehaved'],
    ['a line break in a header', { headers: ['cookie', 'a=b\r\nx-c: d'] }, 'ehr', 'upstream-unreachable'],
  ])('%s: nothing is sent, and the place is free again', async (_what, more, application, code) => {
    const before = ehr.requests.length;
    await expect(send(more, application)).rejects.toMatchObject({ name: 'Fault', code });
    expect(ehr.requests).toHaveLength(before);
    expect(pool.load).toEqual({ running: 0, waiting: 0 });
  });

  test('the address of a sign-on stands in no error, because tokens do', async () => {
    await expect(send({ target: '/a#secret-token' })).rejects.not.toThrow('secret-token');
  });

  test.each(['before the headers', 'in the body'])('an EHR that goes silent %s is waited for so long', async (when) => {
    ehr.answer = when === 'in the body' ? answerRaw('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc') : () => undefined;
    await expect(clientOf(0.1).send('ehr', request())).rejects.toMatchObject({ code: 'upstream-timeout', message: 'No whole answer within 0.1 seconds' }); // prettier-ignore
    await eventually(() => lastRequest().socket.destroyed, 'the EHR to be let go');
    expect(pool.load).toEqual({ running: 0, waiting: 0 });
  });

  test('an answer that breaks off is none, and is not asked for again', async () => {
    const before = ehr.requests.length;
    ehr.answer = answerRaw('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc', true);
    await expect(send()).rejects.toMatchObject({ name: 'Fault', code: 'upstream-unreachable' });
    ehr.answer = ({ socket }) => void socket.resetAndDestroy();
    await expect(send({ method: 'POST', body: 'a=b' })).rejects.toMatchObject({ code: 'upstream-unreachable' });
    expect(ehr.requests).toHaveLength(before + 2);
  });

  test('an answer that came compressed nevertheless cannot be judged', async () => {
    answerWith('Content-Encoding: gzip\r\n', '\x1f\x8b');
    await expect(send()).rejects.toMatchObject({ code: 'upstream-misbehaved' });
  });

  test('sign-ons have a share of their own, and people are not kept waiting by it', async () => {
    ehr.answer = () => undefined;
    const short = clientOf(0.3);
    const held = [short.send('ehr', request()), short.send('ehr', request())].map((one) => one.catch((cause: unknown) => cause));
    await expect(short.send('ehr', request())).rejects.toMatchObject({ code: 'upstream-busy' });
    expect(pool.load).toEqual({ running: 2, waiting: 0 });
    await Promise.all(held);
    ehr.answer = answerOk;
    expect((await send()).status).toBe(200);
  });
});
