// The feed of ATNA: audit messages by syslog over TLS to a receiver that dies, at any moment, and returns. It must have everything,
// once and in order; where it dies behind messages that it has kept, and could not say so, these alone come again.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { accessOrder } from '../../src/adapters/access-order.ts';
import { AuditFeed } from '../../src/adapters/audit-feed.ts';
import { FeedCursor } from '../../src/adapters/feed-cursor.ts';
import { feedPlace } from '../../src/adapters/feed-place.ts';
import { SyslogFeed } from '../../src/adapters/feed-syslog.ts';
import { oldestNeededByFeeds } from '../../src/adapters/feeds-need.ts';
import type { SyslogFeedSettings } from '../../src/core/audit/feed/feed-settings.ts';
import type { AuditMessage } from '../../src/core/audit/message/audit-message.ts';
import { removeAuditDirectories } from '../support/audit-log.ts';
import { makeCertificate } from '../support/certificate.ts';
import type { CertificateFiles } from '../support/certificate.ts';
import { FeedStory, asked, fail, feedTime, reach } from '../support/feed-story.ts';
import { SyslogReceiver } from '../support/syslog-receiver.ts';

const certificates = mkdtempSync(join(tmpdir(), 'wardgate-feeds-'));
const soon = { timeout: 20_000 };
let server: CertificateFiles;
let other: CertificateFiles;
const closing: (() => Promise<void> | void)[] = [];

beforeAll(() => {
  server = makeCertificate(certificates, 'arr');
  other = makeCertificate(certificates, 'other', { names: ['DNS:other.example'] });
});
afterAll(() => rmSync(certificates, { recursive: true }));
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  removeAuditDirectories();
});

async function receiver(clients: string | null = null): Promise<SyslogReceiver> {
  const one = await new SyslogReceiver(server, clients).open();
  closing.push(() => one.die());
  return one;
}

async function story(): Promise<FeedStory> {
  const one = await new FeedStory().start();
  closing.push(() => one.stop());
  return one;
}

function settings(port: number, more: Partial<SyslogFeedSettings> = {}): SyslogFeedSettings {
  return {
    kind: 'syslog',
    host: '127.0.0.1',
    port,
    dialect: 'ihe',
    confirm: 'close-notify',
    window: 32,
    trustFile: server.certificate,
    certificateFile: null,
    keyFile: null,
    patients: 'token',
    from: 'beginning',
    ...more,
  };
}

/** A feed as each run of the gateway opens it: all it knows of the runs before is on the disk. */
function feedOf({ directory }: FeedStory, of: SyslogFeedSettings): AuditFeed<AuditMessage> {
  const where = feedPlace(of);
  const cursor = new FeedCursor(directory, where);
  const feed = new AuditFeed({
    where,
    directories: [directory],
    begin: of.from,
    receiver: new SyslogFeed(of),
    cursor,
    order: accessOrder,
  });
  closing.push(() => feed.close());
  return feed;
}

const requestOf = (message: string): string =>
  /ParticipantObjectID="([^"]+)"[^>]*><ParticipantObjectIDTypeCode csd-code="XrequestId"/.exec(message)?.[1] ?? '';
const requestsOf = ({ messages }: SyslogReceiver): string[] => messages.map(requestOf);

test('each access is one message of RFC 5424 with its octets counted, in the order of the log', async () => {
  const [arr, log] = [await receiver(), await story()];
  const names = await log.requests(3);
  await log.record('refusal', { ...asked, request: 'no', decision: 'refused', reason: 'no-rule' });
  await reach(feedOf(log, settings(arr.port)), log);
  expect(requestsOf(arr)).toEqual([...names, 'no']);
  const header = /^<(\d+)>1 (\S+) \S+ wardgate \d+ (\S+) - \ufeff<\?xml version="1\.0" encoding="UTF-8"\?><AuditMessage>/;
  const [first, , , last] = arr.messages.map((message) => header.exec(message)?.slice(1));
  expect([first, last]).toEqual([
    ['85', '2026-11-23T12:00:00.001Z', 'IHE+RFC-3881'],
    ['84', '2026-11-23T12:00:00.006Z', 'IHE+RFC-3881'],
  ]);
});

test('a receiver that is away, for long and more than once: what came meanwhile waits in the log', async () => {
  const [arr, log] = [await receiver(), await story()];
  const feed = feedOf(log, settings(arr.port));
  const names = await log.requests(5);
  await reach(feed, log);
  for (const round of [1, 2]) {
    arr.die();
    names.push(...(await log.requests(40, round * 100)));
    await expect
      .poll(async () => (await feed.look(), feed.status), soon)
      .toMatchObject({
        behind: 80,
        oldestAt: feedTime + log.written - 80,
        failure: 'ECONNREFUSED',
      });
    await arr.open();
    await reach(feed, log);
  }
  expect(requestsOf(arr)).toEqual(names);
});

test('what the kernel took and the receiver never read is sent again', async () => {
  const [arr, log] = [await receiver(), await story()];
  const feed = feedOf(log, settings(arr.port));
  const names = await log.requests(5);
  await reach(feed, log);
  arr.mood = { isDeaf: true };
  names.push(...(await log.requests(10, 5)));
  const looking = feed.look();
  setImmediate(() => arr.die());
  await looking;
  expect(feed.status.failure).toMatch(/^(ECONNRESET|ECONNREFUSED|EPIPE|the connection broke)$/);
  arr.mood = {};
  await arr.open();
  await reach(feed, log);
  expect(requestsOf(arr)).toEqual(names);
});

test.each([1, 400, 2000])(
  'a receiver that dies at byte %i, inside a message, gets the whole message when it is back',
  async (byte) => {
    const [arr, log] = [await receiver(), await story()];
    const feed = feedOf(log, settings(arr.port));
    const names = await log.requests(3);
    await reach(feed, log);
    names.push(...(await log.requests(20, 3)));
    arr.mood = { diesAtByte: byte };
    await fail(feed, /./);
    arr.mood = {};
    await arr.open();
    await reach(feed, log);
    expect(requestsOf(arr)).toEqual(names);
  },
);

describe('a receiver that dies behind messages it has kept, before it could answer', () => {
  test.each([
    [32, 3],
    [1, 0],
  ])('gets these again and no others: of a connection with at most %i, %i', async (window, again) => {
    const [arr, log] = [await receiver(), await story()];
    const feed = feedOf(log, settings(arr.port, { window }));
    const names = await log.requests(200);
    await reach(feed, log);
    arr.mood = { diesBehind: again };
    const more = await log.requests(40, 200);
    await fail(feed, /./);
    const kept = arr.messages.length;
    arr.mood = {};
    await arr.open();
    await reach(feed, log);
    expect(kept).toBe(200 + again);
    const got = requestsOf(arr);
    expect(got).toEqual([...names, ...more.slice(0, again), ...more]);
    // Whoever must not count them twice knows them by the hash of their record: the bytes are the same.
    expect(arr.messages.slice(200, 200 + again)).toEqual(arr.messages.slice(200 + again, 200 + 2 * again));
  });

  test('after trouble a connection carries little, so that the next death costs little', async () => {
    const [arr, log] = [await receiver(), await story()];
    await log.requests(100);
    await log.stop();
    const feed = feedOf(log, settings(arr.port));
    await reach(feed, log);
    expect(arr.perConnection).toEqual([0, 1, 1, 2, 4, 8, 16, 32, 32, 4]);
  });
});

describe('a receiver that ends TCP and never TLS', () => {
  test('gets nothing, because nothing could be known of it, and it is said which setting it needs', async () => {
    const [arr, log] = [await receiver(), await story()];
    arr.mood = { isMute: true };
    await log.requests(3);
    await fail(feedOf(log, settings(arr.port)), /^it closes without close_notify, .* see "confirm" in gateway\.yaml$/);
    expect(arr.messages).toEqual([]);
  });

  test('gets everything where that is enough', async () => {
    const [arr, log] = [await receiver(), await story()];
    arr.mood = { isMute: true };
    const names = await log.requests(3);
    await reach(feedOf(log, settings(arr.port, { confirm: 'close' })), log);
    expect(requestsOf(arr)).toEqual(names);
  });
});

describe('a gateway that ends', () => {
  test('goes on behind the last that was taken', async () => {
    const [arr, log] = [await receiver(), await story()];
    const names = await log.requests(7);
    await reach(feedOf(log, settings(arr.port)), log);
    names.push(...(await log.requests(4, 7)));
    await reach(feedOf(log, settings(arr.port)), log);
    expect(requestsOf(arr)).toEqual(names);
  });

  test('still knows of an access whose outcome comes in the next run, and keeps retention from its attempt', async () => {
    const [arr, log] = [await receiver(), await story()];
    const of = settings(arr.port);
    expect(oldestNeededByFeeds(log.directory, [of], [])).toBe(1);
    expect(oldestNeededByFeeds(log.directory, [{ ...of, from: 'now' }], [])).toBe(Infinity);
    const names = await log.requests(2);
    await log.record('attempt', { ...asked, request: 'long' });
    names.push(...(await log.requests(1, 2)));
    await reach(feedOf(log, of), log);
    expect(requestsOf(arr)).toEqual(names);
    expect(oldestNeededByFeeds(log.directory, [of], [])).toBe(5);
    const next = feedOf(log, of);
    await next.look();
    await log.record('outcome', { ...asked, request: 'long', status: 200 });
    await reach(next, log);
    expect(requestsOf(arr)).toEqual([...names, 'long']);
    expect(oldestNeededByFeeds(log.directory, [of], [])).toBe(log.written + 1);
  });

  test('tells a hundred that were under way once each, however often the receiver dies among them', async () => {
    const [arr, log] = [await receiver(), await story()];
    const names = Array.from({ length: 100 }, (_none, at) => `r-${at}`);
    for (const request of names) await log.record('attempt', { ...asked, request });
    await log.record('start');
    const of = settings(arr.port, { window: 4 });
    for (let round = 0; round < 5; round += 1) {
      const feed = feedOf(log, of);
      const before = arr.messages.length;
      await feed.look(() => arr.messages.length < before + 10);
    }
    await reach(feedOf(log, of), log);
    expect(requestsOf(arr)).toEqual([...names, '']);
  });

  test('tells as attempts what was under way when it was killed, once', async () => {
    const [arr, log] = [await receiver(), await story()];
    const of = settings(arr.port);
    await log.record('attempt', { ...asked, request: 'a' });
    await log.record('attempt', { ...asked, request: 'b' });
    await reach(feedOf(log, of), log);
    expect(arr.messages).toEqual([]);
    await log.record('start');
    await reach(feedOf(log, of), log);
    await reach(feedOf(log, of), log);
    expect(requestsOf(arr)).toEqual(['a', 'b', '']);
  });
});

describe('where it begins', () => {
  test('with what comes, where the receiver is not to have what was', async () => {
    const [arr, log] = [await receiver(), await story()];
    await log.requests(3);
    // What is on the disk by then: the head that says so comes a moment later than the records.
    await log.stop();
    await reach(feedOf(log, settings(arr.port, { from: 'now' })), { written: 6 });
    await log.start();
    const names = await log.requests(2, 3);
    await reach(feedOf(log, settings(arr.port, { from: 'now' })), log);
    expect(requestsOf(arr)).toEqual(names);
  });

  test('behind the restoration, where the log was put back from a backup', async () => {
    const [arr, log] = [await receiver(), await story()];
    await log.requests(3);
    const of = settings(arr.port);
    await reach(feedOf(log, of), log);
    // Another log with fewer records under the same receiver: the third one tells of the restoration.
    const restored = await story();
    await restored.requests(1);
    await restored.record('restored');
    const names = await restored.requests(1, 50);
    // The head that says so comes a moment later than the records.
    await restored.stop();
    new FeedCursor(restored.directory, feedPlace(of)).write({ sequence: 6, hash: 'f'.repeat(64), from: 7, taken: 0 });
    arr.messages.length = 0;
    await reach(feedOf(restored, of), restored);
    expect(requestsOf(arr)).toEqual(['', ...names]);
  });

  test('with everything, where the cursor is of another log', async () => {
    const [arr, log] = [await receiver(), await story()];
    const names = await log.requests(2);
    const of = settings(arr.port);
    new FeedCursor(log.directory, feedPlace(of)).write({ sequence: 3, hash: 'f'.repeat(64), from: 4, taken: 0 });
    await reach(feedOf(log, of), log);
    expect(requestsOf(arr)).toEqual(names);
  });
});

describe('who is at the other end', () => {
  test.each<[string, (port: number) => Partial<SyslogFeedSettings>, RegExp]>([
    ['is nobody', () => ({ port: 1 }), /^ECONNREFUSED$/],
    ['is vouched for by somebody else', () => ({ trustFile: other.certificate }), /SELF_SIGNED/],
    ['has another name', () => ({ host: 'localhost.example', trustFile: other.certificate }), /ENOTFOUND|EAI_AGAIN|ALTNAME/],
  ])('%s: nothing is sent, and it is said', async (_what, more, failure) => {
    const [arr, log] = [await receiver(), await story()];
    await log.requests(1);
    await fail(feedOf(log, settings(arr.port, more(arr.port))), failure);
    expect(arr.messages).toEqual([]);
  });

  test('wants to know who we are (node authentication of ATNA)', async () => {
    const own = makeCertificate(certificates, 'gateway');
    const [arr, log] = [await receiver(own.certificate), await story()];
    const names = await log.requests(2);
    await fail(feedOf(log, settings(arr.port)), /./);
    expect(arr.messages).toEqual([]);
    await reach(feedOf(log, settings(arr.port, { certificateFile: own.certificate, keyFile: own.key })), log);
    expect(requestsOf(arr)).toEqual(names);
  });
});
