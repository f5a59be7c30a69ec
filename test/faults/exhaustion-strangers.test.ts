// What somebody can do to the gateway before signing in: ask without end, begin sign-ins without end, send forms that are
// bombs. The audit does not grow with it, what is kept for sign-ins has an end, and real people can still sign in.
// WARDGATE_SOAK=1 takes the full numbers.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { askMany } from '../support/ask-many.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { codeOf, signIn, story } from '../support/demo-story.ts';
import { exhaustionGateway, expectGrowth, often, openFrom, seenBeside, whileServed } from '../support/exhaustion-gateway.ts';
import type { ExhaustionGateway } from '../support/exhaustion-gateway.ts';

const form = 'Content-Type: application/x-www-form-urlencoded';

describe('a flood of requests that nobody has signed in for', { timeout: 120_000 }, () => {
  let gateway: ExhaustionGateway;

  beforeAll(async () => {
    gateway = await exhaustionGateway({
      rules: ['{ name: all, paths: ["/**"], methods: [GET, POST], allow: everyone }'],
      onlyLimits: 'anonymousRecordsPerMinute: 60, requestsPerSocket: 100000',
    });
  });
  afterAll(async () => gateway.close());

  test('is recorded within the budget of its address and then summed up; the log does not grow with it', async () => {
    const { head } = gateway;
    const kinds = [
      head('', 'GET /chart?pid=7', 'Accept: text/html', 'Sec-Fetch-Dest: document'),
      head('', 'GET /chart?pid=7', 'Accept: application/json'),
      head('wardgate=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'GET /chart?pid=7'),
      head('', 'GET /a/../b'),
      head('', 'BREW /pot'),
      head('', 'GET /x').replace(gateway.host, 'elsewhere.example'),
      head('', 'GET /.wardgate/not-there'),
      head('', 'GET /.wardgate/callback?code=x&state=y'),
      `${head('', 'POST /.wardgate/backchannel-logout', form, 'Content-Length: 14')}logout_token=x`,
    ];
    const count = often(4000, 50_000);
    const flood = Array.from({ length: count }, (_, index) => kinds[index % kinds.length] ?? '');
    await askMany(gateway.port, flood.slice(0, 500), 32);
    const before = await gateway.look();
    const began = Date.now();
    const answers = await whileServed(gateway, () => askMany(gateway.port, flood, 64));
    const minutes = Math.floor((Date.now() - began) / 60_000) + 2;
    expect(answers.filter(({ status }) => status === 0 || status >= 500 || status === 200)).toEqual([]);
    expect(seenBeside(gateway)).toEqual([]);
    const ofStrangers = (event: string) =>
      gateway.records().filter((one) => one['event'] === event && (one['subject'] ?? null) === null);
    const budgeted = [...ofStrangers('refusal'), ...ofStrangers('sign-in-failed')].length;
    expect(budgeted).toBeGreaterThan(0);
    expect(budgeted).toBeLessThanOrEqual(60 * minutes);
    await expectGrowth(gateway, before, often(80, 150));
    await gateway.stop();
    const sums = gateway.records().filter((one) => one['event'] === 'refusals-summed');
    const summed = sums.reduce((sum, one) => sum + Number.parseInt(String(one['detail']), 10), 0);
    // Every one is either recorded or counted; what is answered without a word in the log is the start of a sign-in.
    expect(summed + budgeted).toBeGreaterThan(count * 0.6);
    expect(sums.length).toBeLessThanOrEqual(minutes);
  });
});

describe('floods of sign-ins and forms', { timeout: 120_000 }, () => {
  let demo: Demo;
  const size = (): number =>
    readdirSync(demo.auditDirectory).reduce((sum, name) => sum + statSync(join(demo.auditDirectory, name)).size, 0);

  beforeAll(async () => {
    demo = await story();
  });
  afterAll(async () => demo.close());
  afterEach(() => expect(demo.ehr.requests().filter(({ target }) => target.includes('.wardgate'))).toEqual([]));

  const host = (): string => new URL(demo.origin).host;
  const head = (line: string, ...headers: readonly string[]): string =>
    [`${line} HTTP/1.1`, `Host: ${host()}`, ...headers, '', ''].join('\r\n');

  test('sign-ins begun without end write nothing to the log, and people sign in meanwhile', async () => {
    const before = size();
    const flood = Array<string>(often(1000, 20_000)).fill(head('GET /.wardgate/sign-in?return=%2Fmain', 'Accept: text/html'));
    const [answers] = await Promise.all([
      askMany(demo.gateway.port, flood, 32),
      signIn(demo, 'nurse').then((nurse) => expect(nurse.jar.get(host())?.has('wardgate')).toBe(true)),
    ]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303]));
    // What the nurse did is there; a record for each of the flood would be half a megabyte.
    expect(size() - before).toBeLessThan(50_000);
  });

  test('begun sign-ins have an end: the oldest gives way, and its person is let in all the same', async () => {
    const early = new CookieClient();
    const first = await early.ask(`${demo.origin}/.wardgate/sign-in?login_hint=physician&return=%2Fmain`, {
      headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
    });
    const { signIns } = demo.gateway.composed.state;
    const put = (index: number): Promise<void> =>
      signIns.put(
        {
          state: `flood-${index}`,
          nonce: 'n',
          verifier: 'v',
          application: 'ehr',
          returnTo: '/main',
          browser: `browser-${index}`,
          silent: false,
          sessionKey: null,
          expiresAt: Date.now() + 600_000 + index,
        },
        '127.0.0.1',
      );
    for (let from = 0; from < 50_400; from += 2000) {
      await Promise.all(Array.from({ length: 2000 }, (_, index) => put(from + index)));
    }
    expect(await signIns.take('flood-0')).toBeNull();
    expect(await signIns.take('flood-51999')).not.toBeNull();
    // The provider answers the sign-in that has given way: it begins once more, and the provider need not ask again.
    const challenge = await early.page(String(first.headers.location));
    const secret = demo.personas.find(({ name }) => name === 'physician')?.totpSecret ?? '';
    const arrived = await early.form(challenge.url, { code: codeOf(secret) });
    expect({ status: arrived.status, signedIn: early.jar.get(host())?.has('wardgate') }).toEqual({ status: 200, signedIn: true });
  });

  const bombs: readonly (readonly [what: string, headers: readonly string[], body: Buffer])[] = [
    ['compressed to a thousandth', ['Content-Encoding: gzip'], gzipSync(Buffer.alloc(10_000_000, 'a'))],
    ['compressed and small', ['Content-Encoding: gzip'], gzipSync('code=123456&logout_token=x')],
    ['compressed by deflate', ['Content-Encoding: deflate'], Buffer.from('x')],
    ['compressed by brotli', ['Content-Encoding: br'], Buffer.from('x')],
    ['over the limit', [], Buffer.alloc(20_000, 'a')],
    ['of thousands of fields', [], Buffer.from('a=&'.repeat(5000))],
  ];
  const forms = ['second-factor', 'step-up', 'enrol', 'emergency', 'credential', 'more-downloads', 'backchannel-logout'];

  test.each(bombs)('a form %s is refused by every page of ours, unread', async (_what, headers, body) => {
    for (const name of forms) {
      const own = [`Origin: ${demo.origin}`, form, `Content-Length: ${body.length}`, ...headers];
      const text = head(`POST /.wardgate/${name}`, ...own) + body.toString('latin1');
      const [answer] = await askMany(demo.gateway.port, [text], 1);
      // Nobody is signed in: where the session is asked for first, that is the answer.
      expect([400, 401, 413, 303], name).toContain(answer?.status);
      if (name === 'second-factor' || name === 'backchannel-logout') expect([400, 413], name).toContain(answer?.status);
    }
  });

  test('a deeply nested form is a handful of plain fields', async () => {
    const body = `code${'[a]'.repeat(5000)}=1`;
    const text = head('POST /.wardgate/second-factor', `Origin: ${demo.origin}`, form, `Content-Length: ${body.length}`) + body;
    const began = performance.now();
    const answers = await askMany(demo.gateway.port, Array<string>(50).fill(text), 4);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(answers.filter(({ status }) => status === 0 || status >= 500)).toEqual([]);
  });

  test('forms to our pages that never end hold nobody up', async () => {
    const text = head('POST /.wardgate/second-factor', `Origin: ${demo.origin}`, form, 'Content-Length: 500');
    const sockets = await Promise.all(Array.from({ length: 200 }, () => openFrom(demo.gateway.port, '127.0.0.60')));
    for (const socket of sockets) socket.resume().write(`${text}code=`);
    try {
      const page = await new CookieClient().page(`${demo.origin}/.wardgate/signed-out`);
      expect(page.status).toBe(200);
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  });
});
