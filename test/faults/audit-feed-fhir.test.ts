// The feed to a FHIR server: every event posted once and in order, through outages, refusals and requests to wait.

import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { accessOrder } from '../../src/adapters/access-order.ts';
import { AuditFeed } from '../../src/adapters/audit-feed.ts';
import { systemClock } from '../../src/adapters/clock-system.ts';
import { FeedCursor } from '../../src/adapters/feed-cursor.ts';
import { FhirFeed } from '../../src/adapters/feed-fhir.ts';
import { resolvingReceiver } from '../../src/adapters/feed-patients.ts';
import type { FhirFeedSettings } from '../../src/core/audit/feed/feed-settings.ts';
import type { AuditMessage } from '../../src/core/audit/message/audit-message.ts';
import type { ResolvePatients } from '../../src/feed-ports.ts';
import { removeAuditDirectories } from '../support/audit-log.ts';
import { makeCertificate } from '../support/certificate.ts';
import type { CertificateFiles } from '../support/certificate.ts';
import { auditEventProblems } from '../support/check-audit-event.ts';
import { FeedStory, asked, fail, reach } from '../support/feed-story.ts';
import { FhirReceiver } from '../support/fhir-receiver.ts';

const certificates = mkdtempSync(join(tmpdir(), 'wardgate-feeds-'));
let certificate: CertificateFiles;
const closing: (() => Promise<void> | void)[] = [];

beforeAll(() => {
  certificate = makeCertificate(certificates, 'fhir');
});
afterAll(() => rmSync(certificates, { recursive: true }));
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  removeAuditDirectories();
});

async function open(): Promise<[FhirReceiver, FeedStory]> {
  const receiver = await new FhirReceiver().open(certificate);
  const log = await new FeedStory().start();
  closing.push(
    () => receiver.close(),
    () => log.stop(),
  );
  return [receiver, log];
}

/** A feed as each run of the gateway opens it. */
function feedOf({ directory }: FeedStory, port: number, resolve: ResolvePatients | null = null): AuditFeed<AuditMessage> {
  const settings: FhirFeedSettings = {
    kind: 'fhir',
    url: `https://127.0.0.1:${port}/fhir`,
    authorization: 'Bearer secret',
    trustFile: certificate.certificate,
    certificateFile: null,
    keyFile: null,
    patients: resolve === null ? 'token' : 'resolved',
    from: 'beginning',
  };
  const receiver = new FhirFeed(settings, directory, systemClock);
  const feed = new AuditFeed({
    where: settings.url,
    directories: [directory],
    begin: settings.from,
    receiver: resolve === null ? receiver : resolvingReceiver(receiver, resolve),
    cursor: new FeedCursor(directory, settings.url),
    order: accessOrder,
  });
  closing.push(() => feed.close());
  return feed;
}

type Entity = { readonly type: { readonly code: string }; readonly what?: { readonly identifier: Record<string, unknown> } };

const entity = (event: Readonly<Record<string, unknown>>, code: string): Record<string, unknown> | undefined =>
  (event['entity'] as Entity[]).find(({ type }) => type.code === code)?.what?.identifier;
const requestsOf = ({ posted }: FhirReceiver): unknown[] => posted.map(({ event }) => entity(event, 'XrequestId')?.['value']);

test('each event is posted as an AuditEvent, once and in order, with what the server asks for', async () => {
  const [server, log] = await open();
  const names = await log.requests(20);
  await reach(feedOf(log, server.port), log);
  expect(requestsOf(server)).toEqual(names);
  const [{ method, path, headers, event } = expect.fail()] = server.posted;
  expect([method, path]).toEqual(['POST', '/fhir/AuditEvent']);
  expect(headers).toMatchObject({ authorization: 'Bearer secret', 'content-type': 'application/fhir+json; charset=utf-8' });
  expect(auditEventProblems(event)).toEqual([]);
});

test('a server that is away gets what it missed, each once and in order, also in the next run', async () => {
  const [server, log] = await open();
  const names = await log.requests(3);
  await reach(feedOf(log, server.port), log);
  server.close();
  names.push(...(await log.requests(10, 3)));
  const feed = feedOf(log, server.port);
  await fail(feed, /^(ECONNREFUSED|ECONNRESET|UND_ERR_SOCKET)$/);
  await server.open(certificate);
  names.push(...(await log.requests(2, 13)));
  await reach(feed, log);
  await reach(feedOf(log, server.port), log);
  expect(requestsOf(server)).toEqual(names);
});

test.each([429, 500, 503, 408, 401, 403, 404, 301])(
  'an answer %i says nothing of the event, which is tried again',
  async (status) => {
    const [server, log] = await open();
    const names = await log.requests(3);
    server.answer = (_event, before) => (before === 1 ? status : 201);
    const feed = feedOf(log, server.port);
    await fail(feed, new RegExp(`^it answered ${status}$`));
    expect(feed.waitMilliseconds).toBe(1000);
    expect(requestsOf(server)).toEqual(names.slice(0, 1));
    await reach(feed, log);
    expect([requestsOf(server), feed.status.refused, feed.waitMilliseconds]).toEqual([names, 0, 0]);
  },
);

test.each([
  ['7', 7000],
  [new Date(Date.now() + 3_600_000).toUTCString(), 600_000],
  ['soon', 1000],
  ['Mon, 01 Jan 2001 00:00:00 GMT', 1000],
])('who asks with Retry-After "%s" is left alone for %i ms at most', async (after, wait) => {
  const [server, log] = await open();
  await log.requests(1);
  server.answer = () => ({ status: 503, after });
  const feed = feedOf(log, server.port);
  await fail(feed, /503/);
  expect(feed.waitMilliseconds).toBe(wait);
});

test('trouble that lasts is tried ever more rarely, a minute apart at last', async () => {
  const [server, log] = await open();
  await log.requests(1);
  server.answer = () => 500;
  const feed = feedOf(log, server.port);
  await fail(feed, /500/);
  const waits = [];
  for (let round = 0; round < 8; round += 1) {
    await feed.look();
    waits.push(feed.waitMilliseconds / 1000);
  }
  expect(waits).toEqual([2, 4, 8, 16, 32, 60, 60, 60]);
});

test.each([400, 413, 415, 422])(
  'an event that is refused with %i is set aside, named and told, and the others go on',
  async (status) => {
    const [server, log] = await open();
    const names = await log.requests(4);
    server.answer = (event) => (entity(event, 'XrequestId')?.['value'] === 'r-2' ? status : 201);
    const feed = feedOf(log, server.port);
    await reach(feed, log);
    expect(requestsOf(server)).toEqual(names.filter((name) => name !== 'r-2'));
    expect(feed.status.refused).toBe(1);
    const folder = join(log.directory, 'feeds');
    const [file = ''] = readdirSync(folder).filter((name) => name.endsWith('.refused.jsonl'));
    const kept = readFileSync(join(folder, file), 'utf8');
    expect(JSON.parse(kept)).toEqual({ time: expect.any(String), status, seq: 6, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  },
);

test('a server that refuses everything is no reason to set everything aside', async () => {
  const [server, log] = await open();
  const names = await log.requests(30);
  server.answer = () => 400;
  const feed = feedOf(log, server.port);
  await fail(feed, /^it answered 400$/);
  expect(feed.status).toMatchObject({ refused: 20, told: 40 });
  server.answer = () => 201;
  await reach(feed, log);
  expect(requestsOf(server)).toEqual(names.slice(20));
});

test('an answer that is lost leaves one event in doubt, and it comes again as itself', async () => {
  const [server, log] = await open();
  const names = await log.requests(5);
  server.answer = (_event, before) => (before === 2 ? 'keep-and-reset' : 201);
  const feed = feedOf(log, server.port);
  await fail(feed, /./);
  await reach(feed, log);
  expect(requestsOf(server)).toEqual(names.toSpliced(2, 0, 'r-2'));
  expect(server.posted[2]?.event).toEqual(server.posted[3]?.event);
});

describe('patients', () => {
  const token = `~${'a'.repeat(26)}`;

  test('are tokens, unless the receiver is to know them', async () => {
    const [server, log] = await open();
    await log.record('outcome', { ...asked, request: 'a', patient: token, status: 200 });
    await reach(feedOf(log, server.port), log);
    expect(entity(server.posted[0]?.event ?? {}, '1')).toMatchObject({ system: 'urn:wardgate:patient-token', value: token });
  });

  test('are ids where the store knows them, and tokens where it does not', async () => {
    const [server, log] = await open();
    const other = `~${'b'.repeat(26)}`;
    for (const patient of [token, other, '7']) await log.record('outcome', { ...asked, request: 'a', patient, status: 200 });
    await reach(
      feedOf(log, server.port, async () => Promise.resolve(new Map([[token, '1234']]))),
      log,
    );
    expect(server.posted.map(({ event }) => entity(event, '1'))).toEqual([
      { value: '1234', assigner: { display: 'ehr' } },
      { system: 'urn:wardgate:patient-token', value: other },
      { value: '7', assigner: { display: 'ehr' } },
    ]);
  });

  test('whose store cannot be read wait', async () => {
    const [server, log] = await open();
    await log.record('outcome', { ...asked, request: 'a', patient: token, status: 200 });
    await fail(
      feedOf(log, server.port, async () => Promise.reject(new Error('the store is shut'))),
      /^the store is shut$/,
    );
    expect(server.posted).toEqual([]);
  });
});

describe('a log that cannot be read', () => {
  test('is told and looked at again from the cursor on', async () => {
    const [server, log] = await open();
    const names = await log.requests(2);
    const feed = feedOf(log, server.port);
    await reach(feed, log);
    names.push(...(await log.requests(2, 2)));
    await log.stop();
    const [segment = ''] = readdirSync(log.directory).filter((name) => name.endsWith('.jsonl'));
    const whole = readFileSync(join(log.directory, segment));
    writeFileSync(join(log.directory, segment), whole.subarray(0, -100));
    await fail(feed, /^record 8 is missing at the end of the log$/);
    writeFileSync(join(log.directory, segment), whole);
    await reach(feed, log);
    expect(requestsOf(server)).toEqual(names);
  });
});
