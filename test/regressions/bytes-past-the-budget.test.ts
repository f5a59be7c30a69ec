// Eight megabytes came over a live connection at once, past a budget of ten kilobytes a day, and nothing was counted. So
// they did as JSON, as plain text, as types that nobody had put on the list, and without a type. And a reply that was cut
// before its first byte looked like a broken line instead of telling that the budget was used up.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { personKey } from '../../src/core/downloads/person-key.ts';
import { closeCode, frame, handshakeHeaders, switchProtocols } from '../support/live-connection.ts';
import { eventually } from '../support/demo-story.ts';
import type { RawConnection } from '../support/raw-connection.ts';
import { signedIn } from '../support/session-gateway.ts';
import { wireHost, wirePlace, wireStory } from '../support/wire-story.ts';
import type { WireStory } from '../support/wire-story.ts';

const rules = `
mode: enforce
roles: { physician: Clinic-Physicians, nurse: Clinic-Nurses, records: Clinic-Records }
rules:
  - { name: socket, application: wire, paths: ["/ws/**"], allow: everyone, webSocket: true }
  - { name: one, application: wire, paths: ["/of/{patient}"], allow: everyone, patient: path.patient }
  - { name: all, application: wire, paths: ["/**"], allow: everyone, export: [physician, nurse] }
  - { name: screens, application: ehr, paths: ["/**"], methods: [GET, POST], allow: everyone }
downloads:
  physician: { files: 2/hour, size: unlimited, patients: unlimited, pace: 100KB/s, then: refuse }
  records: { files: unlimited, size: unlimited, patients: unlimited, then: refuse }
  everyone: { files: 3/hour, size: 10KB/day, patients: unlimited, then: refuse }
`;

let wire: WireStory;
let number = 0;
let head: (line: string, ...headers: readonly string[]) => string;
beforeAll(async () => {
  wire = await wireStory({ rules });
});
afterAll(async () => wire.close());

/** Signs in somebody with an untouched budget. */
async function become(role: string): Promise<string> {
  const { id, session } = signedIn(role);
  const sub = `${role}-${(number += 1)}`;
  await wire.demo.gateway.composed.state.sessions.create({
    ...session,
    place: wirePlace,
    subject: { ...session.subject, sub },
  });
  head = (line, ...headers) => wire.head(line, ...headers).replace(/^Cookie: .*$/m, `Cookie: wardgate=${id}`);
  return sub;
}
let person = '';
beforeEach(async () => {
  person = await become('nurse');
});

async function used(): Promise<{ readonly bytes: number; readonly files: number }> {
  const account = await wire.demo.gateway.composed.state.budgets.account(
    personKey({ ...signedIn('nurse').session.subject, sub: person }),
  );
  return { bytes: account.state.bytes, files: account.state.files.length };
}

const outcome = (target: string) => wire.records().find((one) => one['event'] === 'outcome' && one['target'] === target);

describe('a live connection', () => {
  async function join(path: string): Promise<RawConnection> {
    wire.ehr.answer = switchProtocols;
    const connection = (await wire.open()).send(head(`GET ${path}`, ...handshakeHeaders(wireHost)));
    await eventually(() => connection.received.includes('\r\n\r\n'), 'the answer');
    return connection;
  }
  const ehrSocket = (path: string) => wire.ehr.requests.find(({ line }) => line.includes(path))?.socket;

  test('is cut with 4429 when the budget ends, and recorded', async () => {
    const connection = await join('/ws/bulk');
    ehrSocket('/ws/bulk')?.write(frame(8_000_000));
    await connection.ended();
    expect(closeCode(connection)).toBe(4429);
    expect(connection.received.length).toBeLessThan(11_000);
    expect(await eventually(() => outcome('/ws/bulk'), 'the outcome')).toMatchObject({ reason: 'budget-cut' });
    expect((await used()).bytes).toBeLessThanOrEqual(10_000);
  });

  test('counts what is said both ways, and no file', async () => {
    const connection = await join('/ws/chat');
    ehrSocket('/ws/chat')?.write(frame(500));
    await eventually(() => connection.received.includes('x'.repeat(500)), 'the message');
    connection.send('y'.repeat(200));
    await eventually(() => (ehrSocket('/ws/chat')?.bytesRead ?? 0) > 200, 'the reply');
    await connection.close();
    expect(await eventually(() => outcome('/ws/chat'), 'the outcome')).toMatchObject({ bytesOut: 510, bytesIn: 200 });
    expect(await used()).toEqual({ bytes: 510, files: 0 });
  });

  test('is not opened when nothing is left', async () => {
    const first = await join('/ws/first');
    ehrSocket('/ws/first')?.write(frame(9_990));
    await eventually(() => first.received.includes('x'.repeat(9_990)), 'the message');
    const second = await join('/ws/second');
    expect(await second.answered()).toMatchObject({ status: 429 });
    await eventually(() => ehrSocket('/ws/second')?.destroyed, 'the EHR to be let go');
    await first.close();
  });

  test('keeps to the pace, in order', async () => {
    person = await become('physician');
    const connection = await join('/ws/paced');
    ehrSocket('/ws/paced')?.write(frame(250_000));
    const started = performance.now();
    await eventually(() => connection.received.includes('x'.repeat(250_000)), 'the message', 20_000);
    expect(performance.now() - started).toBeGreaterThan(1000);
    await connection.close();
  });
});

const large = 2_000_000;
const types: readonly (string | null)[] = [
  'application/json', 'text/plain', 'application/xml', 'application/octetstream', 'application/x-pdf',
  'application/something', 'text/html', 'audio/wav', 'nonsense', '', null,
]; // prettier-ignore

function answers(type: string | null, bytes: number, declared: boolean): void {
  const typed = type === null ? '' : `Content-Type: ${type}\r\n`;
  const body = 'x'.repeat(bytes);
  wire.ehr.answer = ({ socket }) => {
    if (declared) socket.write(`HTTP/1.1 200 OK\r\n${typed}Content-Length: ${bytes}\r\n\r\n${body}`);
    else
      socket.write(`HTTP/1.1 200 OK\r\n${typed}Transfer-Encoding: chunked\r\n\r\n${bytes.toString(16)}\r\n${body}\r\n0\r\n\r\n`);
  };
}

async function ask(path: string) {
  const connection = (await wire.open()).send(head(`GET ${path}`, 'Accept: application/json'));
  const answer = await connection.answered();
  await connection.close();
  return answer;
}

describe('two megabytes', () => {
  test.each(types)('declared, as %j, are refused', async (type) => {
    answers(type, large, true);
    const answer = await ask('/bulk');
    expect(answer).toMatchObject({ status: 429 });
    expect(JSON.parse(answer.body)).toMatchObject({ reason: 'budget-exhausted' });
  });

  test.each(types)('of unknown length, as %j, end with the budget', async (type) => {
    answers(type, large, false);
    const answer = await ask('/bulk');
    expect(answer.complete && answer.status === 200).toBe(false);
    expect(answer.body.length).toBeLessThan(1024 * 1024 + 10_001);
    expect((await used()).bytes).toBeLessThanOrEqual(10_000);
  });

  test.each(['application/json', 'text/html', 'application/something'])(
    'as %s are a file to those who may not export',
    async (type) => {
      person = await become('records');
      answers(type, large, true);
      expect(JSON.parse((await ask('/bulk')).body)).toMatchObject({ reason: 'export-not-permitted' });
    },
  );
});

test.each([
  ['application/json', 1024 * 1024, true],
  ['text/html', 1024 * 1024, true],
  ['application/json', 1024 * 1024, false],
  ['text/html', 1024 * 1024, false],
  ['text/css', large, true],
  ['text/javascript', large, false],
  ['font/woff2', large, true],
  ['image/png', large, true],
] as const)('what screens are made of stays free: %s, %i bytes', async (type, bytes, declared) => {
  answers(type, bytes, declared);
  const answer = await ask('/screen');
  expect([answer.status, answer.body.length, answer.complete]).toEqual([200, bytes, true]);
  expect(await used()).toEqual({ bytes: 0, files: 0 });
});

test('a list of one patient that began finishes, and only its bytes past the first megabyte are counted', async () => {
  answers('application/json', large, false);
  expect(await ask('/of/7')).toMatchObject({ status: 200, complete: true });
  expect(await used()).toEqual({ bytes: large - 1024 * 1024, files: 0 });
  const again = await ask('/of/7');
  expect(again.complete).toBe(false);
});

test('a reply that is cut before its first byte tells that the budget is used up', async () => {
  answers('text/csv', 50_000, false);
  const answer = await ask('/list');
  expect(answer).toMatchObject({ status: 429, complete: true });
  expect(JSON.parse(answer.body)).toMatchObject({ reason: 'budget-exhausted' });
  expect(await eventually(() => outcome('/list'), 'the outcome')).toMatchObject({
    decision: 'refused',
    reason: 'budget-exhausted',
    status: 429,
  });
  expect(await used()).toMatchObject({ bytes: 0 });
});
