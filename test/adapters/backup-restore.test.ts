// What goes into a backup and comes back out of it: the stores without their sessions, the keys, and an access record that is
// sound, ends with a head, and says after a restore that it was restored.

import { appendFileSync, chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { leftOutTables } from '../../src/adapters/backup-stores.ts';
import type { BackupSubject } from '../../src/adapters/backup-sources.ts';
import { verifyBackup } from '../../src/adapters/backup-verify.ts';
import { writeBackup } from '../../src/adapters/backup-write.ts';
import { systemClock } from '../../src/adapters/clock-system.ts';
import { openPatientFile } from '../../src/adapters/patient-file.ts';
import { SqlitePatientTokens } from '../../src/adapters/patient-tokens-sqlite.ts';
import { stageRelations } from '../../src/adapters/relation-import.ts';
import { SqliteRelationImports } from '../../src/adapters/relation-imports-sqlite.ts';
import { RelationReader } from '../../src/adapters/relation-reader.ts';
import { SqliteCredentialVault } from '../../src/adapters/credential-vault-sqlite.ts';
import { readBackup } from '../../src/adapters/backup-read.ts';
import { restoreBackup } from '../../src/adapters/restore-backup.ts';
import { FileSealer } from '../../src/adapters/sealer-file.ts';
import { openStateDb } from '../../src/adapters/state-db.ts';
import { schemas } from '../../src/adapters/state-schema.ts';
import { attempt, BreakableFiles, openTestLog, recordsIn, segments, todaysFile, until, verify } from '../support/audit-log.ts';
import { unfinished } from '../support/backup-clinic.ts';
import { filledClinic, lock, opens } from '../support/filled-clinic.ts';
import { manifestOf, sealArchive } from '../support/sealed-archive.ts';
import { silentLog } from '../support/silent-log.ts';
import { filled } from '../support/state-fixture.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** Backs up and restores; gives back where it is now. */
async function throughBackup(subject: BackupSubject) {
  const directory = temporaryDirectory();
  const [file, to] = [join(directory, 'backup'), join(directory, 'restored')];
  const made = await writeBackup(file, lock, subject);
  const restored = await restoreBackup({ file, to, secret: opens, by: 'ada' });
  expect(unfinished(directory)).toEqual([]);
  expect(unfinished(subject.dataDirectory)).toEqual([]);
  return { file, to, made, restored };
}

describe('the stores', () => {
  test('come back with enrolments, passwords, emergency accesses, budgets and lock-outs', async () => {
    const { subject } = await filledClinic();
    const { to } = await throughBackup(subject);
    const db = await openStateDb(join(to, 'data'));
    const sealer = new FileSealer(join(to, 'data', 'master.key'));
    const vault = new SqliteCredentialVault(db, sealer);
    expect(await vault.get(filled.ada, 'ehr')).toMatchObject({ credential: filled.credential });
    const count = async (name: 'identity' | 'sessions', table: string) =>
      (await db.run(name, [{ sql: `SELECT count(*) AS n FROM ${table}`, params: [] }]))[0]?.rows[0]?.['n'];
    const kept = ['totp', 'recovery_codes', 'credentials', 'imported_credentials', 'grants', 'provider_logouts'];
    expect(await Promise.all(kept.map((table) => count('identity', table)))).toEqual([1, 2, 1, 1, 1, 1]);
    expect(await Promise.all(['attempts', 'download_budgets'].map((table) => count('sessions', table)))).toEqual([1, 1]);
    expect(await Promise.all(leftOutTables.sessions.map((table) => count('sessions', table)))).toEqual(
      leftOutTables.sessions.map(() => 0),
    );
    expect(await Promise.all(leftOutTables.identity.map((table) => count('identity', table)))).toEqual(
      leftOutTables.identity.map(() => 0),
    );
    await db.close();
  });

  test('come back with the key of patient tokens and the ids behind them', async () => {
    const { subject, dataDirectory } = await filledClinic();
    const db = await openStateDb(dataDirectory);
    const sealer = new FileSealer(subject.masterKeyFile);
    const tokens = await SqlitePatientTokens.open({ db, sealer, clock: systemClock, log: silentLog });
    await tokens.remember('MRN-90817263');
    await db.close();
    const { to } = await throughBackup(subject);
    const restored = await openPatientFile(join(to, 'data'), join(to, 'data', 'master.key'));
    const token = restored.tokens.tokenOf('MRN-90817263');
    expect(token).toBe(tokens.tokenOf('MRN-90817263'));
    expect((await restored.names.show([token])).get(token)).toEqual({ id: 'MRN-90817263', name: null });
    await restored.close();
  });

  test('come back with the imported schedule and roster', async () => {
    const { subject, dataDirectory } = await filledClinic();
    const db = await openStateDb(dataDirectory);
    const appointment = { patient: '~1', day: '2026-11-30', minute: 630, clinician: 'nora', department: null };
    const staged = {
      dataDirectory,
      sealer: new FileSealer(subject.masterKeyFile),
      kind: 'appointments',
      fileDigest: 'd',
      now: 1,
    } as const;
    const generation = stageRelations(staged, [appointment]);
    expect(await new SqliteRelationImports(db).takeEffect(generation, 2, 'ada')).toBe(true);
    await db.close();
    const { to } = await throughBackup(subject);
    const reader = new RelationReader({ dataDirectory: join(to, 'data'), masterKeyFile: join(to, 'data', 'master.key') });
    reader.look();
    expect(reader.relations?.schedule?.around('~1', '2026-11-30', 1)).toMatchObject([{ clinician: 'nora', minute: 630 }]);
    reader.close();
  });

  test('hold no trace of a session, not even where rows were', async () => {
    const { subject, dataDirectory } = await filledClinic();
    const traces = filled.sessionTraces.filter((trace) => trace !== 'standing-cookie');
    const inOriginal = traces.filter((trace) => readFileSync(join(dataDirectory, 'sessions.db')).includes(trace));
    expect(inOriginal).toEqual(traces);
    const { file } = await throughBackup(subject);
    const found: string[] = [];
    await readBackup(file, opens, {
      begin: () => Promise.resolve(),
      file: async (_entry, content) => {
        const pieces: Buffer[] = [];
        for await (const piece of content) pieces.push(piece);
        found.push(...filled.sessionTraces.filter((trace) => Buffer.concat(pieces).includes(trace)));
      },
    });
    expect(found).toEqual([]);
  });

  test('have no table that nobody has decided about', async () => {
    const { dataDirectory } = await filledClinic(0);
    const database = new DatabaseSync(join(dataDirectory, 'sessions.db'));
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .all()
      .map((row) => String(row['name']));
    database.close();
    expect(tables.sort()).toEqual([...leftOutTables.sessions, 'attempts', 'download_budgets', 'schema_version'].sort());
  });

  test('are taken while somebody writes, as they were at one moment', async () => {
    const { subject, dataDirectory } = await filledClinic();
    const writer = new DatabaseSync(join(dataDirectory, 'identity.db'));
    writer.exec('BEGIN IMMEDIATE');
    const insert = writer.prepare('INSERT INTO ended_sessions VALUES (?, ?, 1)');
    for (let row = 0; row < 500; row += 1) insert.run(`under-way-${row}`, 'idle');
    const { to } = await throughBackup(subject);
    writer.exec('COMMIT');
    writer.close();
    const copy = new DatabaseSync(join(to, 'data', 'identity.db'));
    expect(copy.prepare('SELECT count(*) AS n FROM ended_sessions').get()).toEqual({ n: 0 });
    copy.close();
  });

  test.each([
    ['damaged', (path: string) => writeFileSync(path, 'no database'.repeat(500)), 'file is not a database'],
    ['not there', (path: string) => rmSync(path), 'there is no such file; start the gateway once'],
  ])('that are %s are named, and no backup is made', async (_what, spoil, why) => {
    const { subject, dataDirectory, directory } = await filledClinic();
    spoil(join(dataDirectory, 'identity.db'));
    await expect(writeBackup(join(directory, 'backup'), lock, subject)).rejects.toThrow(
      `"${join(dataDirectory, 'identity.db')}": ${why}`,
    );
    expect([existsSync(join(directory, 'backup')), unfinished(directory)]).toEqual([false, []]);
  });

  test('of a newer program are refused with its version, by a backup and by a restore', async () => {
    const { subject, dataDirectory, directory } = await filledClinic();
    const raw = new DatabaseSync(join(dataDirectory, 'sessions.db'));
    raw.exec('UPDATE schema_version SET version = 99');
    raw.close();
    await expect(writeBackup(join(directory, 'b'), lock, subject)).rejects.toThrow('its schema version is 99');
    const manifest = { ...manifestOf([]), program: '9.8.7', stores: { sessions: 99 } };
    await sealArchive(join(directory, 'c'), lock, manifest, Buffer.alloc(0));
    const restored = restoreBackup({ file: join(directory, 'c'), to: join(directory, 'to'), secret: opens, by: 'ada' });
    await expect(restored).rejects.toThrow(`schema version 99 and this program knows up to ${schemas.sessions.migrations.length}; restore it with Wardgate 9.8.7 or newer`); // prettier-ignore
    expect([existsSync(join(directory, 'to')), unfinished(directory)]).toEqual([false, []]);
  });
});

describe('the access record', () => {
  test('comes back sound, with the record of the restoration as its next one', async () => {
    const { subject, dataDirectory } = await filledClinic(7);
    const before = readFileSync(join(dataDirectory, 'audit', todaysFile()));
    const { to, made, restored } = await throughBackup(subject);
    const audit = join(to, 'data', 'audit');
    expect(made.manifest.audit.sequence).toBe(7);
    expect(readFileSync(join(audit, todaysFile())).subarray(0, before.length).equals(before)).toBe(true);
    const last = segments(audit)
      .flatMap((name) => recordsIn(audit, name))
      .at(-1);
    const hash = made.manifest.audit.hash;
    expect(last).toMatchObject({ seq: 8, event: 'restored', prev: hash });
    expect(last?.['detail']).toMatch(new RegExp(`^Restored from the backup of ${made.manifest.made} by "ada" on ".*"; it ends with record 7 \\(${hash}\\)`)); // prettier-ignore
    expect(restored.sequence).toBe(8);
    const verified = await verify(audit);
    expect(verified).toMatchObject({ sound: true, records: 8, headSequence: 8, afterHead: 0 });
    expect(verified.restored).toMatchObject([{ sequence: 8, backup: made.manifest.made, by: 'ada' }]);
  });

  test('goes on behind it under the same key, and never passes for unbroken', async () => {
    const { subject } = await filledClinic();
    const { to } = await throughBackup(subject);
    const audit = join(to, 'data', 'audit');
    const log = await openTestLog(audit);
    expect((await log.append(attempt('1'))).sequence).toBe(7);
    await log.close();
    expect((await verify(audit)).restored).toHaveLength(1);
    // Whoever takes the record of the restoration out has cut the log, and that shows as ever.
    for (const name of segments(audit)) {
      const lines = readFileSync(join(audit, name), 'utf8').split('\n');
      writeFileSync(join(audit, name), lines.filter((line) => !line.includes('"event":"restored"')).join('\n'));
    }
    expect(await verify(audit)).toMatchObject({ sound: false });
  });

  test('tells of every time it was restored', async () => {
    const { subject } = await filledClinic();
    const { to } = await throughBackup(subject);
    const data = join(to, 'data');
    const again = await throughBackup({
      ...subject,
      configuration: [join(to, 'gateway.yaml'), join(to, 'rules.yaml')],
      dataDirectory: data,
      masterKeyFile: join(data, 'master.key'),
      auditDirectory: join(data, 'audit'),
    });
    const verified = await verify(join(again.to, 'data', 'audit'));
    expect(verified.sound).toBe(true);
    expect(verified.restored.map(({ sequence }) => sequence)).toEqual([6, 7]);
  });

  test('is left behind its head: what no head vouches for is not in the backup', async () => {
    const { subject, dataDirectory } = await filledClinic(3);
    appendFileSync(join(dataDirectory, 'audit', todaysFile()), '{"seq":4,"time":"a torn li');
    const { to, made } = await throughBackup(subject);
    expect(made.manifest.audit.sequence).toBe(3);
    expect(await verify(join(to, 'data', 'audit'))).toMatchObject({ sound: true, records: 4, notes: [] });
  });

  test('may be empty', async () => {
    const { subject } = await filledClinic(0);
    const { to } = await throughBackup(subject);
    expect(await verify(join(to, 'data', 'audit'))).toMatchObject({ sound: true, records: 1 });
  });

  test('of many days, with a file given up in trouble and a fallback, comes back as it was', async () => {
    const { subject, dataDirectory, directory } = await filledClinic(0);
    const [first, fallback] = [join(dataDirectory, 'audit'), join(directory, 'second-disk')];
    rmSync(first, { recursive: true });
    const files = new BreakableFiles();
    files.where = first;
    let now = Date.UTC(2026, 10, 20, 12);
    const clock = { now: () => now, monotonic: () => performance.now() };
    const log = await openTestLog(first, { fallbackDirectory: fallback, files, clock });
    for (let day = 0; day < 4; day += 1) {
      for (let count = 0; count < 5; count += 1) await (await log.append(attempt(String(count)))).durable;
      if (day === 1) {
        files.broken = { sync: 'EIO', open: 'EIO' };
        await (
          await log.append(attempt('in trouble'))
        ).durable;
        await until(() => log.available);
        files.broken = {};
      }
      now += 86_400_000;
    }
    await log.close();
    expect([segments(first).length, segments(fallback).length].every((count) => count > 0)).toBe(true);
    const whole = await verify(first, fallback);
    expect(whole.sound).toBe(true);
    const { to } = await throughBackup({ ...subject, fallbackDirectory: fallback });
    const back = await verify(join(to, 'data', 'audit'), join(to, 'second-disk'));
    expect(back).toMatchObject({ sound: true, records: whole.records + 1, restored: [{ sequence: whole.lastSequence + 1 }] });
  });

  type Spoil = (audit: string) => void;
  const edit =
    (name: string, from: RegExp, to: string): Spoil =>
    (audit) => {
      const path = join(audit, name);
      writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
    };
  const spoils: readonly (readonly [string, Spoil, string])[] = [
    ['edited', edit(todaysFile(), /"patient":"2"/, '"patient":"9"'), `${todaysFile()}:3: the record was changed`],
    ['shorter than its head', edit(todaysFile(), /[^\n]*\n$/, ''), 'became shorter while it was read'],
    ['without a head', (audit) => rmSync(join(audit, 'head.json')), 'there is no signed head in'],
    ['under an edited head', edit('head.json', /"sequence":5/, '"sequence":4'), 'is not signed by this log'],
    ['without its key', (audit) => rmSync(join(audit, '..', 'audit-signing.key')), 'cannot be read'],
  ];

  test.each(spoils)('that is %s is not backed up, and is named', async (_what, spoil, why) => {
    const { subject, directory } = await filledClinic();
    spoil(subject.auditDirectory);
    await expect(writeBackup(join(directory, 'backup'), lock, subject)).rejects.toThrow(why);
    expect([existsSync(join(directory, 'backup')), unfinished(directory)]).toEqual([false, []]);
  });
});

test('a backup that was verified is the one that was written', async () => {
  const { subject, directory } = await filledClinic();
  const made = await writeBackup(join(directory, 'backup'), lock, subject);
  expect(await verifyBackup(join(directory, 'backup'), opens)).toEqual(made);
  chmodSync(subject.masterKeyFile, 0o644);
  await expect(writeBackup(join(directory, 'other'), lock, subject)).rejects.toThrow('can be read by others');
});
