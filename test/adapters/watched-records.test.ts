// The detectors over the records of several gateways: each seen once and in order by the one that leads, also where another one
// takes the lead.

import { setImmediate } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { AuditWatchThread } from '../../src/adapters/audit-watch-thread.ts';
import { AuditWatching } from '../../src/adapters/audit-watching.ts';
import { SharedAuditDb } from '../../src/adapters/audit-shared-db.ts';
import type { SharedIndexing } from '../../src/adapters/audit-shared-indexing.ts';
import { numberedLog } from '../../src/adapters/audit-log-numbered.ts';
import { SharedRecords } from '../../src/adapters/watched-records.ts';
import type { WatchedRecords } from '../../src/adapters/watched-records.ts';
import type { ReadRecord } from '../../src/core/audit/read-record.ts';
import { alertSettings } from '../../src/config/alert-settings.ts';
import { auditEntry } from '../../src/core/audit/entry.ts';
import type { AuditEvent } from '../../src/core/audit/entry.ts';
import { recordName } from '../../src/core/audit/record-number.ts';
import { usualDetectors } from '../../src/core/detect/detector-settings.ts';
import { auditDirectory, openTestLog, removeAuditDirectories } from '../support/audit-log.ts';
import { eventually } from '../support/demo-story.ts';
import { openShared, storeOn, withPostgres } from '../support/index-engines.ts';
import { silentLog } from '../support/silent-log.ts';

afterAll(removeAuditDirectories);

const noon = Date.parse('2026-11-23T12:00:00.000Z');
const day = 86_400_000;
const subject = { issuer: 'https://idp.example', sub: '1', name: 'nora' };
const task = {
  directories: [],
  timezone: 'UTC',
  hours: [{ days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 0, toMinute: 24 * 60 }],
  detectors: usualDetectors,
  relations: null,
} as const;
const nobody = { respond: () => Promise.resolve(), notices: () => [] };
const go = () => Promise.resolve();

withPostgres('of two gateways', (server) => {
  async function gateway(schema: string) {
    const directory = auditDirectory();
    const log = await openTestLog(directory);
    const index: SharedIndexing = await openShared(server(), directory, schema);
    let last = 0;
    return {
      log,
      index,
      write: async (event: AuditEvent, time: number): Promise<void> => {
        const receipt = await log.append(auditEntry(event, time, { subject }));
        await receipt.durable;
        last = receipt.sequence;
      },
      bring: async (): Promise<void> => {
        do {
          await index.catchUp(go);
          await setImmediate();
        } while ((await index.records().search({}, 1)).indexed % 1_000_000_000_000 < last);
      },
      close: () => Promise.all([index.close(), log.close()]),
    };
  }

  test('are each seen once, the last weeks by their time and then as they come in', async () => {
    const [one, two] = [await gateway('once'), await gateway('once')];
    const db = new SharedAuditDb(storeOn(server(), 'once'));
    const records = new SharedRecords(db.ask);
    const read = async (most = Infinity): Promise<readonly string[]> => {
      await records.look();
      const seen: string[] = [];
      for await (const { sequence } of eachOf(records)) {
        seen.push(recordName(sequence));
        if (seen.length >= most) break;
      }
      return seen;
    };
    expect(await read()).toEqual([]);
    await one.write('heartbeat', noon - 40 * day);
    for (const at of [1, 3]) {
      await one.write('heartbeat', noon + at);
      await two.write('heartbeat', noon + at + 1);
    }
    await one.bring();
    await two.bring();
    const again = new SharedRecords(db.ask);
    await again.look();
    const weeks: string[] = [];
    for await (const { sequence } of eachOf(again)) weeks.push(recordName(sequence));
    expect(weeks).toEqual(['2', '2/1', '3', '2/2']);
    expect(await read(2)).toHaveLength(2);
    expect([...(await read()), records.behind]).toEqual(expect.arrayContaining(['3', '2/2', 0]));
    // What comes in later than it happened is seen all the same.
    await two.write('heartbeat', noon + 5);
    await one.write('heartbeat', noon + 6);
    await one.bring();
    expect(await read()).toEqual(['4']);
    await two.bring();
    expect(await read()).toEqual(['2/3']);
    expect(await read()).toEqual([]);
    await Promise.all([db.close(), one.close(), two.close()]);
  });

  test('that are not as their gateway wrote them are told', async () => {
    const one = await gateway('altered');
    await one.write('second-factor-failed', noon);
    await one.bring();
    const db = new SharedAuditDb(storeOn(server(), 'altered'));
    await db.ask(`UPDATE audit_lines SET line = replace(line, 'nora', 'sara')`);
    const watching = new AuditWatching(task, () => new SharedRecords(db.ask));
    await expect(watching.look(go)).rejects.toThrow('record 1 in the shared index is not as its gateway wrote it');
    await Promise.all([db.close(), one.close()]);
  });

  test('show together what each alone does not, and the alert is on record once, whoever leads', async () => {
    const [one, two] = [await gateway('lead'), await gateway('lead')];
    for (const at of [0, 1, 2]) await one.write('second-factor-failed', noon + at);
    for (const at of [3, 4]) await two.write('second-factor-failed', noon + at);
    await one.bring();
    await two.bring();
    const leads = [{ leads: true }, { leads: false }];
    const clock = { now: () => noon + 60_000, monotonic: () => 0 };
    const { responses } = alertSettings(null);
    const threads = [one, two].map(({ log }, at) => {
      const needs = { audit: numberedLog(log, at + 1), clock, log: silentLog, responses, responder: nobody };
      return new AuditWatchThread(
        { ...task, shared: storeOn(server(), 'lead') },
        { ...needs, leadership: leads[at] ?? { leads: false } },
      );
    });
    const alerts = async (): Promise<readonly string[]> => {
      await one.index.catchUp(go);
      await two.index.catchUp(go);
      const { requests } = await one.index.records().search({ event: 'alert' }, 10);
      return requests.map(({ sequence, reason, detail }) => `${recordName(sequence)} ${reason}: ${detail}`);
    };
    await eventually(async () => (await alerts()).length > 0, 'the alert');
    expect(await alerts()).toEqual([expect.stringMatching(/^4 failed-sign-ins: .* seen at record 2\/2$/)]);
    // The other one leads: it reads all of it again, and tells nothing again.
    [leads[0]!.leads, leads[1]!.leads] = [false, true];
    const looked = threads[1]!.looks;
    await eventually(() => Promise.resolve(threads[1]!.looks > looked + 3), 'the looks of the second');
    expect(await alerts()).toHaveLength(1);
    await one.write('restored', noon + 10);
    await eventually(async () => (await alerts()).length > 1, 'the alert of the second');
    expect((await alerts())[0]).toMatch(/^2\/3 record-in-doubt: .* seen at record 5$/);
    await Promise.all(threads.map((thread) => thread.close()));
    await Promise.all([one.close(), two.close()]);
  });
});

async function* eachOf(records: WatchedRecords): AsyncGenerator<ReadRecord> {
  for await (const run of records.runs()) yield* run;
}
