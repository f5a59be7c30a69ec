// The gateway is killed at any moment while it records and feeds a receiver: nothing is lost, nothing changes its order, and what
// comes twice is what one connection carried.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { accessOrder } from '../../src/adapters/access-order.ts';
import { AuditFeed } from '../../src/adapters/audit-feed.ts';
import { readAuditRecords } from '../../src/adapters/audit-records.ts';
import { FeedCursor } from '../../src/adapters/feed-cursor.ts';
import { feedPlace } from '../../src/adapters/feed-place.ts';
import { SyslogFeed } from '../../src/adapters/feed-syslog.ts';
import type { SyslogFeedSettings } from '../../src/core/audit/feed/feed-settings.ts';
import { auditEntry } from '../../src/core/audit/entry.ts';
import { ToldOrder } from '../../src/core/audit/feed/told-order.ts';
import { auditDirectory, openTestLog, removeAuditDirectories } from '../support/audit-log.ts';
import { makeCertificate } from '../support/certificate.ts';
import { reach } from '../support/feed-story.ts';
import { seeded } from '../support/seeded.ts';
import { SyslogReceiver } from '../support/syslog-receiver.ts';

afterEach(removeAuditDirectories);

const child = fileURLToPath(new URL('../support/audit-feed-crash-child.ts', import.meta.url));
const window = 16;
const rounds = 8;

const numberOf = (message: string): number =>
  Number(Buffer.from(/type="seq" value="([^"]+)"/.exec(message)?.[1] ?? '', 'base64').toString());

/** The numbers of what a receiver must have of the log, in order. */
async function expected(directory: string): Promise<number[]> {
  const order = new ToldOrder(0);
  const numbers = [];
  for await (const { record } of readAuditRecords([directory]))
    numbers.push(...(order.take(record)?.records.map(({ sequence }) => sequence) ?? []));
  return numbers;
}

test('eight times in the middle of it', { timeout: 240_000 }, async () => {
  const certificates = mkdtempSync(join(tmpdir(), 'wardgate-feeds-'));
  const certificate = makeCertificate(certificates, 'arr');
  const arr = await new SyslogReceiver(certificate).open();
  const [directory, random] = [auditDirectory(), seeded(11)];
  for (let round = 0; round < rounds; round += 1) {
    const before = arr.messages.length;
    const enough = before + 20 + Math.floor(random() * 150);
    const running = spawn(process.execPath, [child, directory, String(arr.port), certificate.certificate, `b${round}`], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const watching = setInterval(() => {
      if (arr.messages.length >= enough) running.kill('SIGKILL');
    }, 1);
    await once(running, 'close');
    clearInterval(watching);
  }
  const log = await openTestLog(directory);
  await log.append(auditEntry('start', Date.now()));
  await log.close();
  const settings: SyslogFeedSettings = {
    kind: 'syslog',
    host: '127.0.0.1',
    port: arr.port,
    dialect: 'ihe',
    confirm: 'close-notify',
    window,
    trustFile: certificate.certificate,
    certificateFile: null,
    keyFile: null,
    patients: 'token',
    from: 'beginning',
  };
  const where = feedPlace(settings);
  const cursor = new FeedCursor(directory, where);
  const receiver = new SyslogFeed(settings);
  const feed = new AuditFeed({ where, directories: [directory], begin: 'beginning', receiver, cursor, order: accessOrder });
  const written = (await expected(directory)).length;
  expect(written).toBeGreaterThan(rounds * 20);
  let last = 0;
  for await (const { record } of readAuditRecords([directory])) last = record.sequence;
  await reach(feed, { written: last });
  const numbers = arr.messages.map(numberOf);
  const first = numbers.filter((number, at) => numbers.indexOf(number) === at);
  expect(first).toEqual(await expected(directory));
  // Each time at most what one connection carried.
  expect(numbers.length - first.length).toBeLessThanOrEqual(rounds * window);
  arr.die();
  rmSync(certificates, { recursive: true });
});
