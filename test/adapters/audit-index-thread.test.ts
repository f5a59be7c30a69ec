// The thread of the search index: what becomes of questions when it cannot answer, and how it ends.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { AuditIndexThread } from '../../src/adapters/audit-index-thread.ts';
import { auditEntry } from '../../src/core/audit/entry.ts';
import { auditDirectory, openTestLog, removeAuditDirectories } from '../support/audit-log.ts';
import { eventually } from '../support/demo-story.ts';
import { silentLog } from '../support/silent-log.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

afterAll(removeAuditDirectories);

const time = Date.parse('2026-11-23T12:00:00.000Z');

async function logOf(records: number): Promise<string> {
  const directory = auditDirectory();
  const log = await openTestLog(directory);
  await Promise.all(Array.from({ length: records }, (_, at) => log.append(auditEntry('heartbeat', time + at))));
  await log.close();
  return directory;
}

test('it answers searches and hours, and has nothing to say where all is well', async () => {
  const directories = [await logOf(3)];
  const thread = new AuditIndexThread(
    { directories, indexFile: join(temporaryDirectory(), 'index.db'), shared: null },
    silentLog,
  );
  expect((await thread.search({}, 2)).requests.map(({ sequence }) => sequence)).toEqual([3, 2]);
  expect(await thread.hours(time, time)).toEqual([{ hour: time, event: 'heartbeat', decision: null, count: 3, bytesOut: 0 }]);
  expect([thread.behind, thread.notices()]).toEqual([0, []]);
  await thread.close();
  await expect(thread.search({}, 1)).rejects.toThrow('The search index is not there');
  await thread.close();
});

test('more searches than may wait are refused, and those that wait are answered', async () => {
  const directories = [await logOf(1)];
  const thread = new AuditIndexThread(
    { directories, indexFile: join(temporaryDirectory(), 'index.db'), shared: null },
    silentLog,
  );
  const asked = Array.from({ length: 40 }, () => thread.search({}, 1).then(() => 'answered', String));
  const became = await Promise.all(asked);
  expect(became.filter((one) => one === 'answered')).toHaveLength(32);
  expect(became.filter((one) => one.includes('32 searches are waiting already'))).toHaveLength(8);
  await thread.close();
});

test('a log that cannot be read is told in words, and what is indexed is still found', async () => {
  const [directory, indexFile] = [await logOf(2), join(temporaryDirectory(), 'index.db')];
  const before = new AuditIndexThread({ directories: [directory], indexFile, shared: null }, silentLog);
  await before.search({}, 1);
  await before.close();
  const thread = new AuditIndexThread({ directories: [join(directory, 'gone')], indexFile, shared: null }, silentLog);
  await eventually(() => thread.notices().length > 0, 'the notice');
  expect(thread.notices()[0]).toMatch(/^The search index over the access record cannot go on, so searches miss what is new: /);
  expect((await thread.search({}, 10)).requests).toHaveLength(2);
  await thread.close();
});

test('an index that cannot be opened stops nobody: searches fail and say so', async () => {
  const indexFile = join(temporaryDirectory(), 'index.db');
  // A directory in its place.
  mkdirSync(indexFile);
  const thread = new AuditIndexThread({ directories: [await logOf(1)], indexFile, shared: null }, silentLog);
  await eventually(() => thread.notices().length > 0, 'the notice');
  await expect(thread.search({}, 1)).rejects.toThrow();
  await thread.close();
});

test('it ends at once in the middle of a long catching-up, and the next one goes on there', async () => {
  const [directory, indexFile] = [await logOf(9000), join(temporaryDirectory(), 'index.db')];
  const first = new AuditIndexThread({ directories: [directory], indexFile, shared: null }, silentLog);
  await first.close();
  const second = new AuditIndexThread({ directories: [directory], indexFile, shared: null }, silentLog);
  await eventually(() => second.behind === 0 && second.notices().length === 0, 'the index');
  expect((await second.search({ event: 'heartbeat' }, 1)).indexed).toBe(9000);
  await second.close();
});
