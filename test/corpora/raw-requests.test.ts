// Sends every raw request of the corpus over a bare socket, by somebody who may do anything and by nobody, and compares
// what the EHR really got. The folder of the corpus is in WARDGATE_CORPORA; without it a small table of our own is used.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalize } from '../../src/core/target/canonicalize.ts';
import { requestLine } from '../../src/core/target/canonical-target.ts';
import { eventually } from '../support/demo-story.ts';
import { header } from '../support/raw-connection.ts';
import type { RawConnection } from '../support/raw-connection.ts';
import type { WireRequest } from '../support/wire-ehr.ts';
import { wireHost, wireStory } from '../support/wire-story.ts';
import type { WireStory } from '../support/wire-story.ts';
import { ownRawRequests } from './own-raw-requests.ts';
import type { RawRequest } from './own-raw-requests.ts';

const items = load(process.env['WARDGATE_CORPORA']);

/** Items that the house decides more strictly, or otherwise, than the corpus, with the reason. */
const stricter: ReadonlyMap<string, string> = new Map([
  ['SM-0128', 'a body on HEAD is refused like one on GET: old servers leave it on the connection'],
]);

function load(folder: string | undefined): readonly RawRequest[] {
  if (folder === undefined) return ownRawRequests;
  return (JSON.parse(readFileSync(join(folder, 'raw-requests.json'), 'utf8')) as { readonly items: readonly RawRequest[] }).items;
}

let wire: WireStory;

beforeAll(async () => {
  wire = await wireStory({ gatewayLines: ['limits: { headersTimeout: 1s, anonymousRecordsPerMinute: 10000, drain: 1s }'] });
});
afterAll(async () => wire.close());

/** The bytes to send, one text for each part. Other hosts become ours where the item is to be forwarded. */
function parts(item: RawRequest, cookie: string | null): readonly string[] {
  const texts = item.raw_sequence ?? [item.raw ?? ''];
  return texts.map((text) => {
    const filled = text
      .replaceAll('__HOST__', wireHost)
      .replaceAll('__PORT__', wireHost.split(':')[1] ?? '')
      .replaceAll(/\{\{REPEAT:(.):(\d+)\}\}/g, (_all, char: string, count: string) => char.repeat(Number(count)))
      .replaceAll(/\{\{REPEATSTR:(.*?):(\d+)\}\}/g, (_all, part: string, count: string) =>
        part.replaceAll('\\r\\n', '\r\n').repeat(Number(count)),
      );
    const ours =
      item.expect.verdict === 'forward-canonical'
        ? filled.replace(/^Host: (?:www\.)?example\.com\r$/m, `Host: ${wireHost}\r`)
        : filled;
    return cookie === null ? ours : ours.replace(/(\r\nHost: [^\r\n]*)\r\n/, `$1\r\nCookie: ${cookie}\r\n`);
  });
}

async function play(texts: readonly string[]): Promise<RawConnection> {
  const connection = await wire.open();
  for (const [index, text] of texts.entries()) {
    connection.send(text);
    if (index < texts.length - 1) await connection.answered(index + 1, methodOf(text));
  }
  return connection;
}

function methodOf(text: string): string {
  return /^\s*(\S+)/.exec(text)?.[1] ?? 'GET';
}

/** A request by somebody else on a connection of its own, and how many the EHR saw before it. */
async function cleanRequest(): Promise<readonly WireRequest[]> {
  const mark = `/clean-${wire.ehr.requests.length}`;
  const connection = await wire.open();
  connection.send(`GET ${mark} HTTP/1.1\r\nHost: ${wireHost}\r\nCookie: ${wire.otherCookie}\r\n\r\n`);
  const answer = await connection.answered();
  await connection.close();
  expect(answer).toMatchObject({ status: 200, body: 'ok', complete: true });
  return wire.ehr.requests.filter(({ line }) => line === `GET ${mark} HTTP/1.1`);
}

function framingOf({ headers }: WireRequest): number {
  return headers.filter(([name]) => name === 'content-length' || name === 'transfer-encoding').length;
}

function startOf(text: string): { readonly target: string; readonly method: string } {
  const [method = '', target = ''] = text.trimStart().split(/ +/);
  return { method, target };
}

/** One record for each request that came so far: attempts and outcomes apart, refusals. */
function recordsAfter(count: number, event: string): Record<string, unknown>[] {
  return wire.records().slice(count).filter((record) => record['event'] === event); // prettier-ignore
}

const expectedStatus = (item: RawRequest): 'rejected' | 'forwarded' | 'timed-out' =>
  stricter.has(item.id) || item.expect.verdict === 'reject'
    ? 'rejected'
    : item.expect.verdict === 'wait-then-408'
      ? 'timed-out'
      : 'forwarded';

const of = (kind: ReturnType<typeof expectedStatus>): readonly RawRequest[] =>
  items.filter((item) => expectedStatus(item) === kind);

describe('is refused: no byte at the EHR, and the connection ends', () => {
  test.each(of('rejected'))('$id $title', async (item) => {
    for (const cookie of [wire.cookie, null]) {
      const before = wire.ehr.requests.length;
      const logged = wire.records().length;
      const connection = await play(parts(item, cookie));
      await connection.ended();
      const [answer] = connection.answers();
      // Nobody is sent to sign in before a body is looked at; whoever has signed in hears what was wrong.
      if (answer) expect(answer.status).toBeGreaterThanOrEqual(cookie === null ? 303 : 400);
      expect(connection.answers().length).toBeLessThanOrEqual(1);
      // A body that turns out malformed behind a sound head is an attempt of somebody signed in; it ends as one that broke.
      const attempts = recordsAfter(logged, 'attempt').length;
      await eventually(() => recordsAfter(logged, 'outcome').length === attempts, 'the outcome of the attempt');
      for (const outcome of recordsAfter(logged, 'outcome')) expect(outcome['reason']).toBe('client-abort');
      expect(attempts + recordsAfter(logged, 'refusal').length).toBeLessThanOrEqual(1);
      if (cookie === null) expect(attempts).toBe(0);
      expect(await cleanRequest()).toHaveLength(1);
      expect(wire.ehr.requests).toHaveLength(before + 1);
    }
  });
});

describe('never becomes whole: nothing at the EHR, and 408 in the end', () => {
  test.each(of('timed-out'))('$id $title', async (item) => {
    const before = wire.ehr.requests.length;
    const connection = await play(parts(item, wire.cookie));
    await connection.ended();
    expect(connection.answers()[0]?.status).toBe(408);
    expect(await cleanRequest()).toHaveLength(1);
    expect(wire.ehr.requests).toHaveLength(before + 1);
  });
});

describe('is forwarded in its one canonical form', () => {
  test.each(of('forwarded'))('$id $title', async (item) => {
    const texts = parts(item, wire.cookie);
    const before = wire.ehr.requests.length;
    const logged = wire.records().length;
    const connection = await play(texts);
    const answer = await connection.answered(texts.length, ...texts.map(methodOf));
    expect(answer).toMatchObject({ status: 200, complete: true });
    const seen = wire.ehr.requests.slice(before);
    expect(seen.map(({ line }) => line)).toEqual(texts.map((text) => canonicalLine(text)));
    for (const request of seen) {
      expect(framingOf(request)).toBeLessThanOrEqual(1);
      expect(
        request.headers.filter(([name]) => /^(?:expect|upgrade|te|trailer|http2-settings|transfer_encoding)$/.test(name)),
      ).toEqual([]);
      expect(request.headers.find(([name]) => name === 'x-remote-user')).toBeUndefined();
    }
    await eventually(() => recordsAfter(logged, 'outcome').length === texts.length, 'the outcomes');
    expect(recordsAfter(logged, 'attempt')).toHaveLength(texts.length);
    await eventually(() => seen.every(({ whole }) => whole), 'the bodies');
    await connection.close();
    expect(await cleanRequest()).toHaveLength(1);
    expect(wire.ehr.requests).toHaveLength(before + texts.length + 1);
  });

  test.each(of('forwarded'))('$id $title: not for somebody who has not signed in', async (item) => {
    const before = wire.ehr.requests.length;
    const connection = await play(parts(item, null));
    const answer = await connection.answered(1, methodOf(parts(item, null)[0] ?? ''));
    expect([303, 401]).toContain(answer.status);
    if (answer.status === 303) expect(header(answer, 'location')).toMatch(/^\/\.wardgate\/sign-in\?/);
    await connection.close();
    expect(wire.ehr.requests).toHaveLength(before);
  });
});

function canonicalLine(text: string): string {
  const { method, target } = startOf(text);
  const canonical = canonicalize(target, 'generic', 8192);
  if ('reason' in canonical) throw new Error(`The target ${target} is not canonical`);
  return `${method} ${requestLine(canonical)} HTTP/1.1`;
}

test('another host is not served, whatever else is right', async () => {
  const before = wire.ehr.requests.length;
  const connection = await play([`GET / HTTP/1.1\r\nHost: www.example.com\r\nCookie: ${wire.cookie}\r\n\r\n`]);
  expect((await connection.answered()).status).toBe(421);
  await connection.ended();
  expect(wire.ehr.requests).toHaveLength(before);
});

test('every item was judged, and the exceptions are ones that exist', () => {
  expect(of('rejected').length + of('timed-out').length + of('forwarded').length).toBe(items.length);
  expect(of('rejected').length).toBeGreaterThan(10);
  expect(of('forwarded').length).toBeGreaterThan(5);
});
