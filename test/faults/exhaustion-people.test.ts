// What somebody who has signed in can do to the others: large forms for rules to read, live connections without end, many
// confirmations at once. Each has its limit per person, and others are served meanwhile. WARDGATE_SOAK=1 takes the full
// numbers.

import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { askMany } from '../support/ask-many.ts';
import { codeOf, eventually, records, signIn, story } from '../support/demo-story.ts';
import { exhaustionGateway, expectGrowth, often, openMany, seenBeside, whileServed } from '../support/exhaustion-gateway.ts';
import type { ExhaustionGateway } from '../support/exhaustion-gateway.ts';
import { answerOk } from '../support/wire-ehr.ts';
import type { WireRequest } from '../support/wire-ehr.ts';

describe('one person', { timeout: 60_000 }, () => {
  let gateway: ExhaustionGateway;
  let sockets: Socket[] = [];

  beforeAll(async () => {
    gateway = await exhaustionGateway({
      rules: [
        '{ name: live, paths: ["/ws/**"], allow: everyone, webSocket: true }',
        '{ name: forms, paths: ["/form"], methods: [POST], when: { form: { send: present } }, allow: everyone }',
        '{ name: all, paths: ["/chart/**"], methods: [GET, POST], allow: everyone }',
      ],
    });
    await askMany(gateway.port, Array<string>(500).fill(gateway.head(gateway.cookies.nurse, 'GET /chart/warm')), 32);
    gateway.ehr.requests.length = 0;
  });
  afterAll(async () => gateway.close());
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    gateway.ehr.answer = answerOk;
    await expect.poll(async () => (await gateway.look()).webSockets, { timeout: 10_000 }).toBe(0);
    gateway.ehr.requests.length = 0;
  });

  const post = (type: string, body: string): string =>
    gateway.head(
      gateway.cookies.nurse,
      'POST /form',
      `Origin: http://${gateway.host}`,
      `Content-Type: ${type}`,
      `Content-Length: ${body.length}`,
    ) + body;
  const part = (name: string): string => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n1\r\n`;
  const urlencoded = 'application/x-www-form-urlencoded';

  test.each([
    ['of 10,000 fields', urlencoded, `send=1&${'a=1&b=2&'.repeat(5000)}`.slice(0, 65_536), 400],
    [
      'of 10,000 names',
      urlencoded,
      `send=1&${Array.from({ length: 9000 }, (_, index) => `${index}=`).join('&')}`.slice(0, 65_536),
      400,
    ],
    ['of one nested name', urlencoded, `send${'[a]'.repeat(20_000)}=1`, 400],
    ['of one long value', urlencoded, `send=${'%41'.repeat(21_000)}`, 200],
    ['of nothing but separators', urlencoded, `send=1${'&'.repeat(65_000)}`, 200],
    ['of broken percent signs', urlencoded, `send=1&${'%=%&'.repeat(16_000)}`, 400],
    ['of thousands of parts', 'multipart/form-data; boundary=b', `${part('send')}${part('a').repeat(1000)}--b--\r\n`, 400],
    ['of nothing but boundaries', 'multipart/form-data; boundary=b', '--b'.repeat(21_000), 400],
    [
      'of one part with headers without end',
      'multipart/form-data; boundary=b',
      `--b\r\n${'X: a\r\n'.repeat(10_000)}\r\n1\r\n--b--\r\n`,
      400,
    ],
    ['over the limit', urlencoded, `send=1&x=${'a'.repeat(65_536)}`, 413],
  ])('sends forms %s that a rule reads', async (_what, type, body, status) => {
    const before = await gateway.look();
    const count = often(60, 1000);
    const began = performance.now();
    const answers = await whileServed(gateway, () => askMany(gateway.port, Array<string>(count).fill(post(type, body)), 8));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([status]));
    expect((performance.now() - began) / count).toBeLessThan(300);
    expect(seenBeside(gateway).length).toBe(status === 200 ? count : 0);
    await expectGrowth(gateway, before, often(100, 200));
  });

  const accept = ({ line, headers, socket }: WireRequest): void => {
    const key = headers.find(([name]) => name === 'sec-websocket-key')?.[1] ?? '';
    const accepted = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    if (line.includes('/ws/'))
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accepted}\r\n\r\n`,
      );
  };
  const handshake = (cookie: string): string =>
    gateway.head(
      cookie,
      'GET /ws/live',
      `Origin: http://${gateway.host}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    );
  const statusOf = (heard: string): string => heard.slice(9, 12);

  test('opens live connections without end, has twenty of them, and leaves room for the next person', async () => {
    const before = await gateway.look();
    gateway.ehr.answer = (request) => (request.line.includes('/ws/') ? accept(request) : answerOk(request));
    const count = often(300, 900);
    sockets = await openMany(gateway.port, count, ['127.0.0.70']);
    const heard = sockets.map(listen);
    await whileServed(gateway, async () => {
      for (const socket of sockets) socket.write(handshake(gateway.cookies.nurse));
      await eventually(() => heard.every(({ text }) => text.includes('\r\n\r\n')), 'every handshake to be answered', 20_000);
    });
    const statuses = heard.map(({ text }) => statusOf(text));
    expect(statuses.filter((status) => status === '101')).toHaveLength(20);
    expect(statuses.filter((status) => status === '503')).toHaveLength(count - 20);
    expect(seenBeside(gateway)).toHaveLength(20);
    const [other] = await openMany(gateway.port, 1, ['127.0.0.71']);
    if (other) sockets.push(other);
    const otherHeard = listen(other as Socket);
    other?.write(handshake(gateway.cookies.physician));
    await eventually(() => otherHeard.text.startsWith('HTTP/1.1 101 '), "the other person's live connection");
    await expectGrowth(gateway, before, 80);
  });

  function listen(socket: Socket): { text: string } {
    const heard = { text: '' };
    socket.on('data', (chunk: Buffer) => void (heard.text += chunk.toString('latin1')));
    return heard;
  }
});

describe('many confirmations at once', { timeout: 60_000 }, () => {
  let demo: Demo;

  beforeAll(async () => {
    demo = await story();
  });
  afterAll(async () => demo.close());

  test('of one person are tried one after another, few wait, and the block holds; others sign in meanwhile', async () => {
    const nurse = await signIn(demo, 'nurse');
    const from = demo.ehr.requests().length;
    const count = often(200, 2000);
    const secret = demo.personas.find(({ name }) => name === 'nurse')?.totpSecret ?? '';
    const used = codeOf(secret);
    const wrong = used === '000000' ? '000001' : '000000';
    const [replies] = await Promise.all([
      Promise.all(
        Array.from({ length: count }, () => nurse.form(`${demo.origin}/.wardgate/step-up?return=%2Fmain`, { code: wrong })),
      ),
      signIn(demo, 'physician'),
    ]);
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([403, 429]));
    const judged = records(demo).filter((one) => one['event'] === 'second-factor-failed');
    // Five are judged, then the person is blocked; nobody judges the rest.
    expect(judged).toHaveLength(5);
    expect(
      demo.ehr
        .requests()
        .slice(from)
        .filter(({ target }) => target.includes('.wardgate')),
    ).toEqual([]);
    const looked = await nurse.ask(`${demo.origin}/main`, { headers: { accept: '*/*', 'sec-fetch-mode': 'cors' } });
    expect(looked.status).toBe(200);
  });
});
