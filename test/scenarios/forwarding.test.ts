// What the EHR is sent and what comes back: the request as it was judged, who asks in our words only, replies that stay on
// this host, bodies that stream, and each way of signing on.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalJWKSet, jwtVerify } from 'jose';
import type { JSONWebKeySet } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import {
  arrive,
  browserWith,
  expectRefused,
  handshake,
  problemOf,
  recordsOf,
  restart,
  roleLines,
  script,
  sessionCookie,
} from '../support/clinic-story.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { eventually, seenByEhr, signIn, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';
import { filesBelow } from '../support/files-below.ts';

const rules = `${roleLines}
rules:
  - { name: static, paths: [/static/**], category: static, allow: everyone }
  - { name: upload, paths: [/upload], methods: [POST, PUT], allow: everyone }
  - { name: lines, paths: [/ws/messages], webSocket: true, allow: everyone }
  - { name: all, paths: [/**], methods: [GET, POST, DELETE, OPTIONS], allow: everyone }
`;

const identity =
  'identityHeaders: { name: X-Wardgate-User, subject: X-Wardgate-Subject, roles: X-Wardgate-Roles, session: X-Wardgate-Session, jwt: X-Wardgate-Token }';

/** The values of one header in what the EHR saw. */
function sent(headers: readonly string[], name: string): string[] {
  return headers.flatMap((one, at) => (at % 2 === 0 && one.toLowerCase() === name ? [headers[at + 1] ?? ''] : []));
}

describe('to the EHR', () => {
  let demo: Demo;
  let client: CookieClient;
  const url = (path: string): string => demo.origin + path;
  const last = () => demo.ehr.requests().at(-1) ?? expect.fail('The EHR saw nothing');
  beforeAll(async () => {
    demo = await story({
      rules,
      applicationLines: ['signOn: { header: X-Remote-User }', 'passHeaders: [X-Menu-State]', identity],
    });
    client = await signIn(demo, 'nurse');
  });
  afterAll(async () => demo.close());

  test.each([
    '/finder?a=1&&b[]=2&x',
    '/finder?',
    '/finder?document&list&patient_id=5&',
    '/finder?&&pc_username[]=admin',
    '/finder?q=%41%2f%c3%a4&r=a+b',
    '/finder?x=1;y=2',
    '/finder?url=http://a/b?c=d',
    "/finder?q=it's~*()!$,:@",
    '/finder?=&=',
    '/finder?q=%2B%20',
    '/letters/a%20b/1?x',
  ])('%s arrives byte for byte', async (target) => {
    await exactly(client, url('/'), target);
    expect(last().target).toBe(target);
    expect(recordsOf(demo, 'attempt').at(-1)?.['target']).toMatch(
      new RegExp(`^${(target.split('?')[0] ?? '').replaceAll('/', '\\/')}`),
    );
  });

  test('who asks stands in the headers, and a token proves it', async () => {
    await script(client, url('/echo-headers'));
    const { headers } = last();
    const me = problemOf(await script(client, url('/.wardgate/me')));
    expect(sent(headers, 'x-wardgate-user')).toEqual(['nurse']);
    expect(sent(headers, 'x-remote-user')).toEqual(['nurse']);
    expect(sent(headers, 'x-wardgate-subject')).toEqual(['nurse']);
    expect(sent(headers, 'x-wardgate-roles')).toEqual(['nurse']);
    expect(sent(headers, 'x-wardgate-session')).toEqual([me['session']]);
    const published = await new CookieClient().ask(url('/.wardgate/keys'));
    expect(published.headers['content-type']).toMatch(/^application\/jwk-set\+json/);
    const keys = JSON.parse(published.text) as JSONWebKeySet;
    expect(published.text).not.toMatch(/"d":/);
    const [token = ''] = sent(headers, 'x-wardgate-token');
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(keys), {
      issuer: demo.origin,
      audience: 'ehr',
    });
    expect(payload).toMatchObject({
      sub: 'nurse',
      name: 'nurse',
      provider: demo.provider.issuer,
      roles: ['nurse'],
      sid: me['session'],
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60);
    expect(protectedHeader).toMatchObject({ alg: 'EdDSA', typ: 'JWT' });
    await expect(jwtVerify(`${token.slice(0, -4)}AAAA`, createLocalJWKSet(keys))).rejects.toThrow();
  });

  test('nothing that a client says of itself arrives', async () => {
    const spoofed = {
      'X-Wardgate-User': 'admin', 'x-wardgate-roles': 'it', 'X-WARDGATE-TOKEN': 'a.b.c', X_Wardgate_User: 'admin', 'X-Wardgate-Subject': 'admin',
      'X-Remote-User': 'admin', X_Remote_User: 'admin', 'Remote-User': 'admin', Authorization: 'Basic YWRtaW46YWRtaW4=', 'Proxy-Authorization': 'Basic eA==',
      'X-Forwarded-For': '8.8.8.8', 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'gopher', Forwarded: 'for=8.8.8.8', 'X-Real-IP': '8.8.8.8',
      'X-Original-URL': '/admin', 'X-Rewrite-URL': '/admin', 'X-HTTP-Method-Override': 'DELETE', 'X-HTTP-Method': 'DELETE', 'X-Method-Override': 'DELETE',
      Via: '1.1 evil', 'X-Unknown': 'admin', Connection: 'close, X-Wardgate-User, X-Forwarded-For', 'X-Menu-State': 'open', 'Accept-Language': 'de',
    }; // prettier-ignore
    await script(client, url('/echo-headers'), { headers: spoofed });
    const { headers } = last();
    const all = headers.join('\n').toLowerCase();
    for (const word of ['admin', '8.8.8.8', 'evil', 'gopher', 'delete', 'a.b.c', 'x-unknown', 'basic '])
      expect(all).not.toContain(word);
    expect(sent(headers, 'x-menu-state')).toEqual(['open']);
    expect(sent(headers, 'accept-language')).toEqual(['de']);
    expect(sent(headers, 'x-wardgate-user')).toEqual(['nurse']);
    expect(sent(headers, 'x-forwarded-for')).toEqual([expect.stringMatching(/^(127\.0\.0\.1|::1)$/)]);
    expect(sent(headers, 'x-forwarded-host')).toEqual([new URL(demo.origin).host]);
    expect(sent(headers, 'x-forwarded-proto')).toEqual(['http']);
    expect(sent(headers, 'forwarded')).toEqual([
      expect.stringMatching(/^for=("\[::1\]"|127\.0\.0\.1);host="localhost:\d+";proto=http$/),
    ]);
    expect(sent(headers, 'host')).toEqual([new URL(demo.origin).host]);
    expect(sent(headers, 'x-request-id')).toEqual([recordsOf(demo, 'attempt').at(-1)?.['request']]);
  });

  test("our cookies stay here, in every spelling; the EHR's own go on", async () => {
    const own = [
      'wardgate-browser=a',
      '__Host-wardgate=b',
      '__Secure-wardgate=c',
      'WARDGATE-signin=d',
      'ward_gate=e',
      'wardgate.retry=f',
    ];
    await script(client, url('/main'));
    const mine = client.jar.get(new URL(demo.origin).host)?.get('MBSESSION');
    await script(browserWith(demo, { wardgate: sessionCookie(client, demo) ?? '' }), url('/echo-headers'), {
      headers: { cookie: `MBSESSION=${mine}; ${own.join('; ')}; wardgate=${sessionCookie(client, demo)}; theme=dark` },
    });
    expect(sent(last().headers, 'cookie')).toEqual([`MBSESSION=${mine}; theme=dark`]);
  });

  test('a live connection carries the same headers', async () => {
    expect(await handshake(client, url('/ws/messages'))).toBe(101);
    const seen = demo.ehr
      .requests()
      .filter(({ target }) => target === '/ws/messages')
      .at(-1);
    expect(sent(seen?.headers ?? [], 'x-wardgate-user')).toEqual(['nurse']);
    expect(sent(seen?.headers ?? [], 'cookie').join()).not.toContain('wardgate');
  });

  test('a large upload arrives whole, with its length and without', async () => {
    const body = Buffer.alloc(24 * 1024 * 1024, 'upload ');
    const reply = await script(client, url('/upload'), {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/octet-stream' },
    });
    expect(reply.text).toBe(`Received ${body.length} bytes\n`);
    expect(sent(last().headers, 'content-length')).toEqual([String(body.length)]);
    const outcome = await eventually(
      () => recordsOf(demo, 'outcome').find((one) => one['bytesIn'] === body.length),
      'the outcome',
    );
    expect(outcome).toMatchObject({ rule: 'upload', bytesOut: reply.body.length });
    const chunked = await streamed(client, url('/upload'), (outgoing) => {
      for (let sends = 0; sends < 32; sends += 1) outgoing.write(Buffer.alloc(65_536, 'x'));
      outgoing.end();
    });
    expect(chunked).toBe(`Received ${32 * 65_536} bytes\n`);
  });

  test('an upload streams: the EHR has its beginning before the client has sent its end', async () => {
    const reply = streamed(client, url('/upload'), (outgoing) => {
      outgoing.write(Buffer.alloc(100_000, 'x'));
      void eventually(() => last().target === '/upload' && last().bodyBytes === 100_000, 'the beginning').then(() =>
        outgoing.end('end'),
      );
    });
    expect(await reply).toBe('Received 100003 bytes\n');
  });
});

describe('from the EHR', () => {
  let demo: Demo;
  let client: CookieClient;
  let ehr: Awaited<ReturnType<typeof openEhr>>;
  const url = (path: string): string => demo.origin + path;
  beforeAll(async () => {
    ehr = await openEhr();
    demo = await story({
      rules,
      applicationLines: ['signOn: none'],
      rewriteGateway: (yaml) => yaml.replace(/upstream: .*/, `upstream: ${ehr.origin}`),
    });
    client = await signIn(demo, 'nurse');
  });
  afterAll(async () => {
    await demo.close();
    await ehr.close();
  });

  test.each`
    header                | from                                     | to
    ${'location'}         | ${'{ehr}/welcome?a=1#b'}                 | ${'{us}/welcome?a=1#b'}
    ${'location'}         | ${'/main'}                               | ${'/main'}
    ${'location'}         | ${'welcome'}                             | ${'welcome'}
    ${'location'}         | ${'https://elsewhere.example/x?u={ehr}'} | ${'https://elsewhere.example/x?u={us}'}
    ${'location'}         | ${'{ehr}0/other-port'}                   | ${'{ehr}0/other-port'}
    ${'location'}         | ${'{ehr}.evil.example/'}                 | ${'{ehr}.evil.example/'}
    ${'location'}         | ${'{EHR}/welcome'}                       | ${'{us}/welcome'}
    ${'content-location'} | ${'{ehr}/doc/1'}                         | ${'{us}/doc/1'}
    ${'refresh'}          | ${'5; url={ehr}/next'}                   | ${'5; url={us}/next'}
    ${'link'}             | ${'<{ehr}/page/2>; rel="next"'}          | ${'<{us}/page/2>; rel="next"'}
  `('$header "$from" becomes "$to"', async ({ header, from, to }: { header: string; from: string; to: string }) => {
    const filled = (text: string): string =>
      text.replaceAll('{ehr}', ehr.origin).replaceAll('{EHR}', ehr.origin.toUpperCase()).replaceAll('{us}', demo.origin);
    ehr.next((_request, response) => response.writeHead(302, { [header]: filled(from) }).end());
    expect((await script(client, url('/go'))).headers[header]).toBe(filled(to));
  });

  test('cookies keep to this host and never take our name', async () => {
    const cookies = [
      'SID=1; Path=/; Domain=.clinic.example; HttpOnly',
      'theme=dark; domain=127.0.0.1',
      'wardgate=evil; Path=/',
      '__Host-wardgate=evil',
      'WardGate-Browser=evil',
      'plain=1; SameSite=None',
    ];
    ehr.next((_request, response) => response.writeHead(200, { 'set-cookie': cookies }).end('ok'));
    const own = sessionCookie(client, demo);
    const reply = await script(client, url('/login'));
    expect(reply.headers['set-cookie']).toEqual(['SID=1; Path=/; HttpOnly', 'theme=dark', 'plain=1; SameSite=None']);
    expect(sessionCookie(client, demo)).toBe(own);
  });

  test.each`
    path              | from                                  | to
    ${'/chart'}       | ${'public, max-age=3600'}             | ${'no-store'}
    ${'/chart'}       | ${undefined}                          | ${'no-store'}
    ${'/chart.css'}   | ${'public, max-age=3600'}             | ${'no-store'}
    ${'/static/a.js'} | ${'public, max-age=3600, s-maxage=9'} | ${'private, max-age=3600'}
    ${'/static/a.js'} | ${undefined}                          | ${'private, no-cache'}
  `('$path with "$from" is kept as "$to"', async ({ path, from, to }: { path: string; from: string | undefined; to: string }) => {
    ehr.next((_request, response) =>
      response
        .writeHead(200, {
          ...(from === undefined ? {} : { 'cache-control': from }),
          expires: 'Thu, 01 Jan 2099 00:00:00 GMT',
          pragma: 'public',
          age: '5',
        })
        .end('x'),
    );
    const reply = await script(client, url(path));
    expect(reply.headers['cache-control']).toBe(to);
    expect(reply.headers['pragma']).toBeUndefined();
    if (path !== '/static/a.js') expect(reply.headers['expires']).toBeUndefined();
  });

  test('what belongs to one connection and what tells about the server is left out', async () => {
    const headers = {
      server: 'Apache/2.2.11',
      'x-powered-by': 'PHP/4',
      connection: 'close, x-internal',
      'x-internal': 'secret',
      'keep-alive': 'timeout=1',
      'alt-svc': 'h2=":443"',
      'proxy-authenticate': 'Basic',
      'strict-transport-security': 'max-age=0',
      'x-kept': 'yes',
    };
    ehr.next((_request, response) => response.writeHead(200, headers).end('x'));
    const reply = await script(client, url('/page'));
    expect(reply.headers).toMatchObject({ 'x-kept': 'yes' });
    for (const name of ['server', 'x-powered-by', 'x-internal', 'alt-svc', 'proxy-authenticate', 'strict-transport-security'])
      expect(reply.headers[name]).toBeUndefined();
  });

  test.each([200, 201, 204, 206, 304, 404, 410, 422, 500, 503])('status %i passes with its body', async (status) => {
    ehr.next((_request, response) =>
      response
        .writeHead(status, { 'content-type': 'text/plain' })
        .end(status === 204 || status === 304 ? undefined : `this is ${status}`),
    );
    const reply = await script(client, url('/any'));
    expect(reply).toMatchObject({ status, text: status === 204 || status === 304 ? '' : `this is ${status}` });
  });

  test('a page of our own is never framed by what the EHR says, and a challenge loses its box', async () => {
    ehr.next((_request, response) => response.writeHead(401, { 'www-authenticate': 'Basic realm="EHR"' }).end('no'));
    expect((await script(client, url('/private'))).headers['www-authenticate']).toBeUndefined();
  });

  test('a reply streams: the client has its beginning before the EHR has sent its end', async () => {
    let finish: () => void = () => undefined;
    ehr.next((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).write('beginning');
      finish = () => void response.end(', end');
    });
    const text = await new Promise<string>((resolve, reject) => {
      const { hostname, port } = new URL(demo.origin);
      let got = '';
      request(
        { host: hostname, port, path: '/stream', headers: { cookie: client.cookieHeader(demo.origin) }, agent: false },
        (reply) => {
          reply.setEncoding('utf8');
          reply.on('data', (chunk: string) => {
            got += chunk;
            if (got === 'beginning') finish();
          });
          reply.on('end', () => resolve(got));
        },
      )
        .on('error', reject)
        .end();
    });
    expect(text).toBe('beginning, end');
  });

  test('a reader that waits holds the EHR back, and one that leaves stops it', async () => {
    let written = 0;
    let stopped = false;
    ehr.next((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.on('close', () => (stopped = true));
      const more = (): void => {
        while (!response.destroyed && written < 512 * 1024 * 1024) {
          written += 65_536;
          if (!response.write(Buffer.alloc(65_536))) return void response.once('drain', more);
        }
      };
      more();
    });
    const { hostname, port } = new URL(demo.origin);
    const outgoing = request(
      { host: hostname, port, path: '/endless', headers: { cookie: client.cookieHeader(demo.origin) }, agent: false },
      (reply) => reply.pause().on('error', () => undefined),
    );
    outgoing.on('error', () => undefined).end();
    let before = -1;
    await eventually(() => {
      const stands = written > 0 && written === before;
      before = written;
      return stands;
    }, 'the EHR to be held back');
    expect(written).toBeLessThan(64 * 1024 * 1024);
    outgoing.destroy();
    await eventually(() => stopped, 'the EHR to be stopped');
    const outcome = await eventually(() => recordsOf(demo, 'outcome').find((one) => one['target'] === '/endless'), 'the outcome');
    expect(outcome).toMatchObject({ reason: 'client-abort', status: 200 });
  });
});

describe('signing on to the EHR', () => {
  test('none: the EHR is told nothing, and asks by its own form', async () => {
    const demo = await story({ rules, applicationLines: ['signOn: none'], ehr: { signOn: 'form' } });
    try {
      const client = await signIn(demo, 'nurse', '/static/style.css');
      const reply = await script(client, `${demo.origin}/chart?pid=7`);
      expect(reply).toMatchObject({ status: 302, headers: { location: '/login' } });
      const { headers } = demo.ehr.requests().at(-1) ?? { headers: [] };
      for (const name of ['authorization', 'x-remote-user', 'x-wardgate-user']) expect(sent(headers, name)).toEqual([]);
    } finally {
      await demo.close();
    }
  });

  test('one account for all: the browser never sees it', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'wardgate-account-'));
    writeFileSync(join(directory, 'ehr-password'), 'meadow-wardgate\n');
    const demo = await story({
      rules,
      directory,
      applicationLines: ['signOn: { account: wardgate, passwordFile: ehr-password }'],
      ehr: { signOn: 'basic' },
    });
    try {
      const client = await signIn(demo, 'nurse');
      const reply = await script(client, `${demo.origin}/echo-headers`, {
        headers: { authorization: 'Basic bnVyc2U6bWVhZG93LW51cnNl' },
      });
      expect(reply.status).toBe(200);
      const basic = `Basic ${Buffer.from('wardgate:meadow-wardgate').toString('base64')}`;
      expect(sent(demo.ehr.requests().at(-1)?.headers ?? [], 'authorization')).toEqual([basic]);
      expect(JSON.stringify(reply.headers)).not.toContain('Basic');
    } finally {
      await demo.close();
    }
  });

  test('an account that the EHR refuses is our fault, and no box opens', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'wardgate-account-'));
    writeFileSync(join(directory, 'ehr-password'), 'wrong');
    const demo = await story({
      rules,
      directory,
      applicationLines: ['signOn: { account: wardgate, passwordFile: ehr-password }'],
      ehr: { signOn: 'basic' },
    });
    try {
      const client = await signIn(demo, 'nurse', '/static/style.css');
      const reply = await script(client, `${demo.origin}/chart?pid=7`);
      expect(reply.status).toBe(502);
      expect(problemOf(reply)['reason']).toBe('ehr-sign-on-failed');
      expect(reply.headers['www-authenticate']).toBeUndefined();
      expect(seenByEhr(demo, '/chart')).toBe(1);
    } finally {
      await demo.close();
    }
  });
});

describe("each person's own password", () => {
  const clock = new ShiftingClock();
  let demo: Demo;
  let client: CookieClient;
  let gateway: Demo['gateway'];
  const url = (path: string): string => demo.origin + path;
  const right = 'meadow-nurse';
  const wrong = 'meadow-wrong-4711';
  beforeAll(async () => {
    demo = await story({ rules, clock, applicationLines: ['signOn: own-password'], ehr: { signOn: 'basic' } });
    ({ gateway } = demo);
    client = new CookieClient();
    clock.forward({ minutes: 1 });
  });
  afterAll(async () => {
    await gateway.close();
    await demo.close();
  });

  test('is asked for once, before anything reaches the EHR', async () => {
    await arrive(demo, 'nurse', clock, client, '/static/style.css').catch(() => undefined);
    expect(sessionCookie(client, demo)).toBeDefined();
    await expectRefused(demo, () => script(client, url('/chart?pid=7')), 403, 'ehr-credential-required');
    const asked = await client.page(url('/chart?pid=7'));
    expect(asked.url).toBe(url('/.wardgate/credential?application=ehr&return=%2Fchart%3Fpid%3D7'));
    expect(asked.text).toContain('type="password"');
    expect(demo.ehr.requests()).toEqual([]);
  });

  test('a wrong one is tried once before it is kept, and asked for again', async () => {
    const before = demo.ehr.requests().length;
    const failed = await client.form(url('/.wardgate/credential?application=ehr&return=%2Fchart%3Fpid%3D7'), {
      username: 'nurse',
      password: wrong,
    });
    expect(failed.status).toBe(403);
    expect(failed.text).toContain('Nothing was stored');
    expect(failed.text).not.toContain(wrong);
    expect(failed.headers['www-authenticate']).toBeUndefined();
    expect(demo.ehr.requests().length).toBe(before + 1);
    expect(seenByEhr(demo, '/chart')).toBe(0);
    expect(recordsOf(demo, 'credential-stored')).toEqual([]);
    await expectRefused(demo, () => script(client, url('/chart?pid=7')), 403, 'ehr-credential-required');
  });

  test.each([
    ['', right],
    ['nurse', ''],
    ['nurse:x', right],
    ['nurse', 'a\r\nX-Evil: 1'],
  ])('"%s" with "%s" is not taken', async (username, password) => {
    expect((await client.form(url('/.wardgate/credential?application=ehr'), { username, password })).status).toBe(400);
    await expectRefused(demo, () => script(client, url('/chart?pid=7')), 403, 'ehr-credential-required');
  });

  test('the right one opens the page, and is never asked for again, in no session and after no restart', async () => {
    const opened = await client.form(url('/.wardgate/credential?application=ehr&return=%2Fchart%3Fpid%3D7'), {
      username: 'nurse',
      password: right,
    });
    expect(opened).toMatchObject({ status: 200, url: url('/chart?pid=7') });
    clock.forward({ minutes: 1 });
    const other = await arrive(demo, 'nurse', clock);
    expect((await script(other, url('/chart?pid=8'))).status).toBe(200);
    gateway = await restart(demo, gateway, clock);
    expect((await script(other, url('/chart?pid=9'))).status).toBe(200);
    expect(recordsOf(demo, 'credential-stored').at(-1)).toMatchObject({ subject: { sub: 'nurse' }, decision: 'allowed' });
  });

  test('it stands in no file, neither it nor the wrong one', () => {
    for (const [file, bytes] of filesBelow(demo.directory)) {
      for (const secret of [right, wrong, Buffer.from(`nurse:${right}`).toString('base64')])
        expect({ file, secret, held: bytes.includes(secret) }).toEqual({ file, secret, held: false });
    }
  });

  test("another person's is not used", async () => {
    clock.forward({ minutes: 1 });
    const physician = new CookieClient();
    await arrive(demo, 'physician', clock, physician, '/static/style.css').catch(() => undefined);
    await expectRefused(demo, () => script(physician, url('/chart?pid=7')), 403, 'ehr-credential-required');
  });
});

/** A GET whose target is sent as it stands; `new URL` would tidy it. Resolves once the reply is over. */
function exactly(client: CookieClient, url: string, target: string): Promise<void> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: hostname, port, path: target, headers: { cookie: client.cookieHeader(url) }, agent: false },
      (reply) => reply.resume().on('end', resolve),
    );
    outgoing.on('error', reject).end();
  });
}

/** A chunked POST whose body `write` sends; the reply's text. */
function streamed(client: CookieClient, url: string, write: (outgoing: ReturnType<typeof request>) => void): Promise<string> {
  const { hostname, port, pathname } = new URL(url);
  const headers = {
    cookie: client.cookieHeader(url),
    'content-type': 'application/octet-stream',
    'transfer-encoding': 'chunked',
    'sec-fetch-mode': 'cors',
  };
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: hostname, port, path: pathname, method: 'POST', headers, agent: false }, (reply) => {
      let text = '';
      reply.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      reply.on('end', () => resolve(text));
    });
    outgoing.on('error', reject);
    write(outgoing);
  });
}

/** An EHR that answers the next request as it is told, and everything else with "ok". */
async function openEhr() {
  let answer: ((request: IncomingMessage, response: ServerResponse) => unknown) | null = null;
  const server = createServer((incoming, response) => {
    const now = answer;
    answer = null;
    incoming.resume();
    if (now === null) response.writeHead(200, { 'content-type': 'text/html' }).end('ok');
    else now(incoming, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    next: (how: (request: IncomingMessage, response: ServerResponse) => unknown) => void (answer = how),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
