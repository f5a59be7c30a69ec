// The search index over a real log: what is found by what, page by page; and that it follows the log and nothing else.

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { auditEntry } from '../../src/core/audit/entry.ts';
import type { AuditEntry, AuditEvent } from '../../src/core/audit/entry.ts';
import { machineIssuer } from '../../src/core/session/machine-session.ts';
import type { AuditLog } from '../../src/ports.ts';
import type { FoundRequest, RecordQuery } from '../../src/search-ports.ts';
import { auditDirectory, openTestLog, removeAuditDirectories } from '../support/audit-log.ts';
import { onEachIndex } from '../support/index-engines.ts';
import type { OpenIndex } from '../support/index-engines.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const hour = 3_600_000;
const noon = Date.parse('2026-11-23T12:00:00.000Z');
const noPause = () => Promise.resolve();

onEachIndex((open, onFile) => {
  let directory: string;
  let log: AuditLog;
  let indexFile: string;
  let written = 0;

  beforeEach(async () => {
    directory = auditDirectory();
    indexFile = join(temporaryDirectory(), 'audit-index.db');
    log = await openTestLog(directory);
  });
  afterEach(async () => {
    await log.close();
    removeAuditDirectories();
  });

  const person = (name: string, issuer = 'https://idp') => ({ issuer, sub: `sub-${name}`, name });

  async function write(event: AuditEvent, time: number, fields: Partial<AuditEntry> = {}): Promise<void> {
    const receipt = await log.append(auditEntry(event, time, fields));
    await receipt.durable;
    written = receipt.sequence;
  }

  /** A request and how it ended. */
  async function access(request: string, time: number, fields: Partial<AuditEntry>): Promise<void> {
    const both = { request, method: 'GET', decision: 'allowed', ...fields } as const;
    await write('attempt', time, both);
    await write('outcome', time, { ...both, status: 200, bytesOut: 100 });
  }

  /** Until the last record is in it: the head that vouches for it is written a moment after it is on the disk. */
  async function upToDate(indexing: OpenIndex): Promise<void> {
    await indexing.catchUp(noPause);
    while ((await indexing.records().search({}, 1)).indexed < written) {
      await setImmediate();
      await indexing.catchUp(noPause);
    }
  }

  async function indexed<T>(use: (records: ReturnType<OpenIndex['records']>) => Promise<T>): Promise<T> {
    const indexing = await open(directory, indexFile);
    try {
      await upToDate(indexing);
      return await use(indexing.records());
    } finally {
      await indexing.close();
    }
  }

  async function found(query: RecordQuery, most = 10): Promise<readonly FoundRequest[]> {
    return indexed(async (records) => (await records.search(query, most)).requests);
  }

  describe('a day of three people', () => {
    beforeEach(async () => {
      await access('r-1', noon - 30 * hour, {
        subject: person('ada'),
        patient: '11',
        target: '/chart?pid=11',
        rule: 'charts',
        category: 'chart',
        action: 'read',
        address: '10.0.0.1',
      });
      await access('r-2', noon - 2 * hour, {
        subject: person('ada'),
        patient: '12',
        target: '/chart?pid=12',
        rule: 'charts',
        category: 'chart',
        action: 'read',
        address: '10.0.0.1',
      });
      await write('refusal', noon - hour, {
        request: 'r-3',
        subject: person('bob'),
        method: 'GET',
        target: '/admin/100%_users',
        decision: 'refused',
        reason: 'role-not-permitted',
        rule: 'admin',
        address: '10.0.0.2',
      });
      await access('r-4', noon - 30 * 60_000, {
        subject: person('bob'),
        patient: '11',
        target: '/Chart/print?pid=11',
        rule: 'print',
        category: 'documents',
        action: 'read',
        address: '10.0.0.2',
        grant: 'g1',
      });
      await write('break-glass', noon - 30 * 60_000, { subject: person('bob'), detail: 'collapsed in the hall' });
      await access('r-5', noon, {
        subject: { issuer: machineIssuer, sub: 'machine:ada', name: 'ada' },
        patient: '13',
        target: '/export',
        rule: 'feed',
        category: 'bulk',
        action: 'execute',
        address: '10.0.0.9',
      });
      await write('attempt', noon + 1, {
        request: 'r-6',
        subject: person('ada'),
        method: 'POST',
        target: '/notes',
        rule: 'notes',
        decision: 'allowed',
      });
    });

    test.each`
      asked                                                            | requests
      ${{}}                                                            | ${['r-6', 'r-5', null, 'r-4', 'r-3', 'r-2', 'r-1']}
      ${{ ended: true }}                                               | ${['r-5', null, 'r-4', 'r-3', 'r-2', 'r-1']}
      ${{ person: 'ada' }}                                             | ${['r-6', 'r-2', 'r-1']}
      ${{ person: 'machine ada' }}                                     | ${['r-5']}
      ${{ subject: { issuer: 'https://idp', sub: 'sub-bob' } }}        | ${[null, 'r-4', 'r-3']}
      ${{ subject: { issuer: 'https://other', sub: 'sub-bob' } }}      | ${[]}
      ${{ patient: '11' }}                                             | ${['r-4', 'r-1']}
      ${{ patient: '11', person: 'bob' }}                              | ${['r-4']}
      ${{ patient: '99' }}                                             | ${[]}
      ${{ rule: 'charts' }}                                            | ${['r-2', 'r-1']}
      ${{ decision: 'refused' }}                                       | ${['r-3']}
      ${{ category: 'documents' }}                                     | ${['r-4']}
      ${{ action: 'read', person: 'ada' }}                             | ${['r-2', 'r-1']}
      ${{ address: '10.0.0.2' }}                                       | ${['r-4', 'r-3']}
      ${{ event: 'break-glass' }}                                      | ${[null]}
      ${{ request: 'r-4' }}                                            | ${['r-4']}
      ${{ record: 3 }}                                                 | ${['r-2']}
      ${{ record: 4 }}                                                 | ${[]}
      ${{ before: 4 }}                                                 | ${['r-2', 'r-1']}
      ${{ before: 3, person: 'ada' }}                                  | ${['r-1']}
      ${{ request: 'r-4', person: 'ada' }}                             | ${[]}
      ${{ text: 'CHART' }}                                             | ${['r-4', 'r-2', 'r-1']}
      ${{ text: '100%_' }}                                             | ${['r-3']}
      ${{ text: '0_' }}                                                | ${[]}
      ${{ text: 'chart', since: noon - 3 * hour, until: noon - hour }} | ${['r-2']}
      ${{ since: noon }}                                               | ${['r-6', 'r-5']}
      ${{ until: noon - 2 * hour }}                                    | ${['r-1']}
      ${{ since: noon + 5 * hour }}                                    | ${[]}
      ${{ until: noon - 90 * hour }}                                   | ${[]}
      ${{ review: true }}                                              | ${[null, 'r-4']}
      ${{ review: true, person: 'ada' }}                               | ${[]}
    `('$asked finds $requests', async ({ asked, requests }: { asked: RecordQuery; requests: unknown[] }) => {
      expect((await found(asked)).map(({ request }) => request)).toEqual(requests);
    });

    test('a request is one row with both its records, and what it tells is what stands in them', async () => {
      const [one] = await found({ request: 'r-2' });
      expect(one).toEqual({
        sequence: 3,
        outcome: 4,
        time: noon - 2 * hour,
        event: 'outcome',
        request: 'r-2',
        person: 'ada',
        subject: { issuer: 'https://idp', sub: 'sub-ada' },
        roles: null,
        session: null,
        factor: null,
        device: null,
        address: '10.0.0.1',
        application: null,
        method: 'GET',
        target: '/chart?pid=12',
        patient: '12',
        patientSource: null,
        download: null,
        pace: null,
        category: 'chart',
        action: 'read',
        rule: 'charts',
        decision: 'allowed',
        reason: null,
        status: 200,
        bytesIn: null,
        bytesOut: 100,
        durationMilliseconds: null,
        grant: null,
        detail: null,
      });
      const [machine] = await found({ request: 'r-5' });
      expect(machine).toMatchObject({ person: 'machine ada', subject: null });
    });

    test('an outcome that is indexed later than its attempt still makes one row of the two', async () => {
      await found({});
      await write('outcome', noon + 1, {
        request: 'r-6',
        subject: person('ada'),
        method: 'POST',
        target: '/notes',
        decision: 'allowed',
        status: 302,
      });
      const rows = await found({ request: 'r-6' });
      expect(rows).toMatchObject([{ event: 'outcome', status: 302, outcome: rows[0]!.sequence + 1 }]);
    });

    test('pages follow each other without a gap or a repeat', async () => {
      const seen: (string | null)[] = [];
      await indexed(async (records) => {
        let before: number | null = Number.MAX_SAFE_INTEGER;
        for (let pages = 0; before !== null && pages < 10; pages += 1) {
          const page = await records.search({ before }, 2);
          seen.push(...page.requests.map(({ request }) => request));
          before = page.next;
        }
      });
      expect(seen).toEqual(['r-6', 'r-5', null, 'r-4', 'r-3', 'r-2', 'r-1']);
    });

    test('hours count what ended, an attempt without its outcome not', async () => {
      const hours = await indexed((records) => records.hours(noon - 2 * hour, noon));
      expect(
        hours.map((one) => [new Date(one.hour).toISOString().slice(11, 13), one.event, one.decision, one.count, one.bytesOut]),
      ).toEqual([
        ['10', 'outcome', 'allowed', 1, 100],
        ['11', 'break-glass', null, 1, 0],
        ['11', 'outcome', 'allowed', 1, 100],
        ['11', 'refusal', 'refused', 1, 0],
        ['12', 'outcome', 'allowed', 1, 100],
      ]);
    });
  });

  describe('the index follows its log', () => {
    const all = async () => (await found({}, 100)).map(({ request }) => request);

    test('only what is new is read, and two that bring it on do not count anything twice', async () => {
      await access('r-1', noon, {});
      const [one, other] = [await open(directory, indexFile), await open(directory, indexFile)];
      await upToDate(one);
      await access('r-2', noon, {});
      await Promise.all([upToDate(other), upToDate(one)]);
      expect(one.behind).toBe(0);
      await one.close();
      await other.close();
      expect(await all()).toEqual(['r-2', 'r-1']);
      expect(await indexed((records) => records.hours(noon, noon))).toMatchObject([{ count: 2 }]);
    });

    test('one that was overtaken between two looks goes on behind the other, not where it stood', async () => {
      await access('r-1', noon, {});
      const [one, other] = [await open(directory, indexFile), await open(directory, indexFile)];
      await upToDate(one);
      await access('r-2', noon, {});
      await upToDate(other);
      await access('r-3', noon, {});
      await upToDate(one);
      await one.close();
      await other.close();
      expect(await all()).toEqual(['r-3', 'r-2', 'r-1']);
      expect(await indexed((records) => records.hours(noon, noon))).toMatchObject([{ count: 3 }]);
    });

    onFile('a log that is not the one indexed begins a new index', async () => {
      await access('r-1', noon, {});
      await access('r-2', noon, {});
      expect(await all()).toEqual(['r-2', 'r-1']);
      await log.close();
      directory = auditDirectory();
      log = await openTestLog(directory);
      await access('other', noon, {});
      expect(await all()).toEqual(['other']);
      await access('more', noon, {});
      await access('still', noon, {});
      expect(await all()).toEqual(['still', 'more', 'other']);
    });

    onFile.each(['', 'this is no database'])('an index that is %j is made anew', async (content) => {
      await access('r-1', noon, {});
      expect(await all()).toEqual(['r-1']);
      for (const ending of ['-wal', '-shm']) rmSync(indexFile + ending, { force: true });
      writeFileSync(indexFile, content);
      expect(await all()).toEqual(['r-1']);
    });

    test('a record that is missing in the log is told, and what was indexed stays', async () => {
      await access('r-1', noon, {});
      await found({});
      const indexing = await open(directory, indexFile);
      await upToDate(indexing);
      await access('r-2', noon, {});
      rmSync(join(directory, `${new Date().toISOString().slice(0, 10)}.jsonl`));
      await expect(upToDate(indexing)).rejects.toThrow('record 3 is missing at the end of the log');
      expect((await indexing.records().search({}, 10)).requests.map(({ request }) => request)).toEqual(['r-1']);
      await indexing.close();
    });
  });
});
