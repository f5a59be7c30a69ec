// What was imported is read in steps: what was read before holds until the new is whole, whatever comes in between.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { AuditDurableEnd } from '../../src/adapters/audit-durable-end.ts';
import { AuditWatching } from '../../src/adapters/audit-watching.ts';
import { auditEntry } from '../../src/core/audit/entry.ts';
import { usualDetectors } from '../../src/core/detect/detector-settings.ts';
import { eventually } from '../support/demo-story.ts';
import { auditDirectory, openTestLog, removeAuditDirectories } from '../support/audit-log.ts';
import { openDatabaseFile } from '../../src/adapters/database-file.ts';
import { stageRelations } from '../../src/adapters/relation-import.ts';
import { SqliteRelationImports } from '../../src/adapters/relation-imports-sqlite.ts';
import { RelationReader, rowsInStep } from '../../src/adapters/relation-reader.ts';
import { createMasterKey, FileSealer } from '../../src/adapters/sealer-file.ts';
import { openStateDb } from '../../src/adapters/state-db.ts';
import type { StateDb } from '../../src/adapters/state-db.ts';

let place: { readonly dataDirectory: string; readonly masterKeyFile: string };
let db: StateDb;
let sealer: FileSealer;
let reader: RelationReader;

beforeAll(async () => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'wardgate-test-'));
  place = { dataDirectory, masterKeyFile: join(dataDirectory, 'master.key') };
  createMasterKey(place.masterKeyFile);
  db = await openStateDb(dataDirectory);
  sealer = new FileSealer(place.masterKeyFile);
});

afterAll(async () => {
  removeAuditDirectories();
  await db.close();
  rmSync(place.dataDirectory, { recursive: true, force: true });
});

beforeEach(() => {
  reader = new RelationReader(place);
});

/** `count` appointments, of which the last is at `minute`. */
async function put(count: number, minute: number, seal: Pick<FileSealer, 'seal'> = sealer): Promise<void> {
  const row = { patient: 'p', day: '2026-11-30', minute: 0, clinician: 'nora', department: null };
  const rows = Array.from({ length: count - 1 }, (_, at) => ({ ...row, patient: `other ${at}` }));
  const staged = { ...place, sealer: seal, kind: 'appointments', fileDigest: 'd', now: 1 } as const;
  await new SqliteRelationImports(db).takeEffect(stageRelations(staged, [...rows, { ...row, minute }]), minute, 'ada');
}

/** When the appointment of the one patient is who stands last in the file. */
const holds = (): number | null | undefined => reader.relations?.schedule?.around('p', '2026-11-30', 1)[0]?.minute;

/** What held before each look, up to the one that had nothing left to read. */
function looks(): (number | null | undefined)[] {
  const before = [holds()];
  while (reader.look()) before.push(holds());
  return before;
}

it.each([
  [rowsInStep - 1, 1],
  [rowsInStep, 2],
  [2 * rowsInStep, 3],
])('reads %i rows in %i steps, and until then the ones before hold', async (count, steps) => {
  await put(1, 10);
  expect([reader.look(), holds()]).toEqual([false, 10]);
  await put(count, 20);
  expect(looks()).toEqual(Array.from({ length: steps }, () => 10));
  expect([holds(), reader.look(), holds()]).toEqual([20, false, 20]);
  reader.close();
});

it('ends what it began where a newer import comes half way, and then reads the newer', async () => {
  await put(1, 10);
  reader.look();
  await put(rowsInStep + 1, 20);
  expect([reader.look(), holds()]).toEqual([true, 10]);
  await put(rowsInStep + 1, 30);
  expect([looks(), holds()]).toEqual([[10], 20]);
  expect([looks(), holds()]).toEqual([[20, 20], 30]);
  reader.close();
});

it('gives up what fails half way, holds what it had, and begins anew', async () => {
  await put(1, 10);
  reader.look();
  let pieces = 0;
  const breaks = { seal: (...what: Parameters<FileSealer['seal']>) => ((pieces += 1) > 6 ? 'broken' : sealer.seal(...what)) };
  await put(2 * rowsInStep, 20, breaks);
  expect(reader.look()).toBe(true);
  expect(() => reader.look()).toThrow();
  expect([reader.look(), holds()]).toEqual([true, 10]);
  expect(() => reader.look()).toThrow();
  await put(rowsInStep + 1, 30);
  expect([looks(), holds()]).toEqual([[10, 10], 30]);
  reader.close();
});

it.each(['stopped', 'broken'])('keeps no view of the store once it is %s half way', async (how) => {
  await put(2 * rowsInStep, 20, how === 'broken' ? { seal: () => 'broken' } : sealer);
  if (how === 'broken') expect(() => reader.look()).toThrow();
  else {
    expect(reader.look()).toBe(true);
    reader.close();
  }
  const database = openDatabaseFile(place.dataDirectory, 'identity');
  expect(database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()).toMatchObject({ busy: 0 });
  database.close();
  reader.close();
});

it('keeps no alert waiting, except at the start, where what is found is found with what was imported', async () => {
  const directory = auditDirectory();
  const log = await openTestLog(directory);
  const subject = { issuer: 'https://idp.example', sub: '1', name: 'omar' };
  const fail = async () => {
    for (let at = 0; at < 5; at += 1)
      await log.append(auditEntry('second-factor-failed', Date.UTC(2026, 10, 30, 10), { subject }));
  };
  await put(rowsInStep + 1, 10);
  const task = { directories: [directory], timezone: 'UTC', hours: [], detectors: usualDetectors };
  const watching = new AuditWatching({ ...task, relations: { ...place, days: 30 } });
  let pauses = 0;
  const look = () => watching.look(() => Promise.resolve(void (pauses += 1)));
  const told = () => watching.explain([{ person: subject, patient: 'p', time: Date.UTC(2026, 10, 30, 10) }])[0]?.state;
  expect([await look(), pauses, told()]).toEqual([[], 1, 'unexplained']);
  await put(rowsInStep + 1, 20);
  await fail();
  const { sequence } = await log.append(auditEntry('second-factor-failed', Date.UTC(2026, 10, 30, 10), { subject: null }));
  // The head that vouches for a record is written a moment after it.
  const end = new AuditDurableEnd([directory]);
  await eventually(() => end.look() === sequence, 'the head of the log');
  expect([await look(), watching.isReading]).toMatchObject([[{ detector: 'failed-sign-ins' }], true]);
  expect([await look(), watching.isReading, pauses]).toEqual([[], false, 1]);
  watching.close();
  await log.close();
});
