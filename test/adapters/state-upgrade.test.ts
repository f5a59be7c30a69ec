// Stores of every earlier version open under this one, and a copy of what they were is kept; one of a later version does not
// open, and is told how to go on.

import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { programVersion, versionNumber, versionOfNumber } from '../../src/adapters/program-version.ts';
import { FileSealer } from '../../src/adapters/sealer-file.ts';
import { openStateDb } from '../../src/adapters/state-db.ts';
import { schemas } from '../../src/adapters/state-schema.ts';
import type { DatabaseName } from '../../src/adapters/state-schema.ts';
import { upgradeStore } from '../../src/adapters/state-upgrade.ts';
import { SqliteCredentialVault } from '../../src/adapters/credential-vault-sqlite.ts';
import { SqliteFactorStore } from '../../src/adapters/factor-store-sqlite.ts';
import { openTestLog, attempt, verify } from '../support/audit-log.ts';
import { makeOldStore, versionOf } from '../support/old-store.ts';
import { filled, unpackFixture } from '../support/state-fixture.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const earlier = (['identity', 'sessions'] as const).flatMap((name) =>
  schemas[name].migrations.slice(1).map((_step, index): [DatabaseName, number] => [name, index + 1]),
);

const copiesIn = (directory: string): string[] => readdirSync(directory).filter((name) => name.includes('.before-'));

describe('an upgrade', () => {
  test.each(earlier)('opens %s of version %i, keeps its rows, and a copy of how it was', async (name, version) => {
    const directory = temporaryDirectory();
    const { file, migrations } = schemas[name];
    const table = makeOldStore(directory, name, version, 3);
    const db = await openStateDb(directory);
    const [rows] = await db.run(name, [{ sql: `SELECT count(*) AS n FROM ${table}`, params: [] }]);
    expect(rows?.rows).toEqual([{ n: 3 }]);
    await db.close();
    expect(versionOf(join(directory, file))).toBe(migrations.length);
    expect(copiesIn(directory)).toEqual([`${file}.before-${migrations.length}`]);
    const copy = join(directory, `${file}.before-${migrations.length}`);
    expect([versionOf(copy), statSync(copy).mode & 0o777]).toEqual([version, 0o600]);
    const again = await openStateDb(directory);
    await again.close();
    expect(copiesIn(directory)).toHaveLength(1);
  });

  test('keeps nothing of a store that is made, or that has its form already', async () => {
    const directory = temporaryDirectory();
    await (await openStateDb(directory)).close();
    await (await openStateDb(directory)).close();
    expect(copiesIn(directory)).toEqual([]);
  });

  test('keeps the copies of the last two, and takes the place of half a copy', () => {
    const path = join(temporaryDirectory(), 'a.db');
    const steps: string[] = [];
    for (let version = 1; version <= 5; version += 1) {
      steps.push(`CREATE TABLE step${version} (value TEXT)`);
      writeFileSync(`${path}.before-${version}.part`, 'half a copy');
      const database = new DatabaseSync(path);
      upgradeStore(database, path, steps);
      database.close();
    }
    const directory = join(path, '..');
    expect(copiesIn(directory).sort()).toEqual(['a.db.before-1.part', 'a.db.before-4', 'a.db.before-5']);
    expect([versionOf(`${path}.before-5`), versionOf(`${path}.before-4`)]).toEqual([4, 3]);
  });

  test('that fails leaves the old form, its copy, and opens with the next program', () => {
    const path = join(temporaryDirectory(), 'a.db');
    const open = (steps: readonly string[]): void => {
      const database = new DatabaseSync(path);
      try {
        upgradeStore(database, path, steps);
      } finally {
        database.close();
      }
    };
    const good = ['CREATE TABLE one (value TEXT)', 'CREATE TABLE two (value TEXT)'];
    open(good.slice(0, 1));
    expect(() => open([...good, 'CREATE TABLE two (value TEXT)'])).toThrow('table two already exists');
    expect(versionOf(path)).toBe(1);
    open(good);
    expect(versionOf(path)).toBe(2);
  });
});

describe('a store of a later version', () => {
  async function later(userVersion: number, copies: readonly string[]): Promise<Promise<unknown>> {
    const directory = temporaryDirectory();
    await (await openStateDb(directory)).close();
    const path = join(directory, 'identity.db');
    const raw = new DatabaseSync(path);
    raw.exec(`UPDATE schema_version SET version = 99; PRAGMA user_version = ${userVersion}`);
    raw.close();
    for (const copy of copies) writeFileSync(`${path}.before-${copy}`, '');
    const before = readFileSync(path);
    return openStateDb(directory).finally(() => expect(readFileSync(path).equals(before)).toBe(true));
  }
  const known = schemas.identity.migrations.length;
  const said = `its schema version is 99 and this program knows up to ${known}; start`;

  test('names the version that wrote it', async () => {
    await expect(later(1_002_003, [])).rejects.toThrow(`${said} Wardgate 1.2.3 or newer, or restore a backup`);
  });

  test('names the copy that this program can go back to, and no other', async () => {
    const copies = [String(known + 1), String(known + 2), '98x'];
    const back = `go back to "identity.db.before-${known + 1}" as docs/operations.md tells, or restore a backup`;
    await expect(later(2_000_000, copies)).rejects.toThrow(`${said} Wardgate 2.0.0 or newer, ${back}`);
    await expect(later(0, [String(known + 2)])).rejects.toThrow(`${said} the newer program, or restore a backup`);
  });
});

test('a version fits a whole number and comes back', () => {
  expect([versionNumber('0.1.0'), versionNumber('12.34.56'), versionNumber('1.2.3-beta.4')]).toEqual([
    1000, 12_034_056, 1_002_003,
  ]);
  expect([versionOfNumber(1000), versionOfNumber(12_034_056), versionOfNumber(0)]).toEqual(['0.1.0', '12.34.56', null]);
  expect(versionOfNumber(versionNumber(programVersion()))).toBe(programVersion());
});

describe('a data directory of the first version', () => {
  test('opens: second factors, passwords, emergency accesses and the record are what they were', async () => {
    const directory = temporaryDirectory();
    unpackFixture('state-1', directory);
    const { ada, totpSecret, recoveryHashes, credential, grant } = filled;
    const sealer = new FileSealer(join(directory, 'master.key'));
    const db = await openStateDb(directory);
    const factors = new SqliteFactorStore(db);
    const enrolment = await factors.totp(ada.issuer, ada.sub);
    expect(sealer.open('totp', JSON.stringify([ada.issuer, ada.sub]), enrolment?.sealedSecret ?? '')).toBe(totpSecret);
    expect(await factors.recoveryCodesLeft(ada.issuer, ada.sub)).toBe(recoveryHashes.length);
    const vault = new SqliteCredentialVault(db, sealer);
    expect(await vault.get(ada, 'ehr')).toMatchObject({ credential, refused: false });
    const bob = { issuer: ada.issuer, sub: 'sub-of-bob', name: 'bob' };
    expect(await vault.get(bob, 'ehr')).toMatchObject({ credential: filled.imported.credential });
    const [grants, budgets, attempts] = await Promise.all([
      db.run('identity', [{ sql: 'SELECT reason FROM grants', params: [] }]),
      db.run('sessions', [{ sql: 'SELECT person FROM download_budgets', params: [] }]),
      db.run('sessions', [{ sql: 'SELECT key FROM attempts', params: [] }]),
    ]);
    expect([grants, budgets, attempts].map((results) => results[0]?.rows)).toEqual([
      [{ reason: grant.reason }],
      [{ person: 'ada' }],
      [{ key: 'totp ada' }],
    ]);
    await db.close();
    expect(await verify(join(directory, 'audit'))).toMatchObject({ sound: true, records: 20 });
    const log = await openTestLog(join(directory, 'audit'));
    expect((await log.append(attempt('1'))).sequence).toBe(21);
    await log.close();
    expect(await verify(join(directory, 'audit'))).toMatchObject({ sound: true, records: 21, restored: [] });
  });
});
