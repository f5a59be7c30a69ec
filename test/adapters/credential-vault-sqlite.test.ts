// The vault of EHR passwords: each for its person alone, what the EHR refused stays refused until it is replaced, and what
// IT imported is taken over once.

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { SqliteCredentialVault } from '../../src/adapters/credential-vault-sqlite.ts';
import { createMasterKey, FileSealer } from '../../src/adapters/sealer-file.ts';
import { schemas } from '../../src/adapters/state-schema.ts';
import { openVaultFile } from '../../src/adapters/vault-file.ts';
import type { ImportRow } from '../../src/adapters/vault-file.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { onEachEngine, openStateDb } from '../support/state-engines.ts';

const issuer = 'https://op.example';
const ada = { issuer, sub: 'sub-1', name: 'ada' };
const bob = { issuer, sub: 'sub-2', name: 'bob' };
const own = { username: 'alovelace', password: 'correct horse', more: {} };
const imported = { username: 'alovelace', password: 'battery staple', more: { pin: '1234' } };

async function setUp() {
  const directory = temporaryDirectory();
  createMasterKey(`${directory}/key`);
  const sealer = new FileSealer(`${directory}/key`);
  const db = await openStateDb(directory);
  const all = async (table: string) => (await db.run('identity', [{ sql: `SELECT * FROM ${table}`, params: [] }]))[0]?.rows ?? [];
  /** As the command line does beside the running gateway. */
  const importNow = (...rows: readonly Partial<ImportRow>[]): void => {
    const file = openVaultFile(directory, sealer);
    file.importRows(rows.map((row) => ({ issuer, name: 'ada', application: 'ehr', credential: imported, ...row })));
    file.close();
  };
  return { directory, sealer, db, vault: new SqliteCredentialVault(db, sealer), all, importNow };
}

onEachEngine((onFile) => {
  test('a password comes back to its owner alone, and the file holds none', async () => {
    const { db, vault, all } = await setUp();
    await vault.put(ada, 'ehr', { ...own, password: 'old' });
    await vault.put(ada, 'ehr', { ...own, more: { pin: '99' } });
    expect(await vault.get(ada, 'ehr')).toEqual({ credential: { ...own, more: { pin: '99' } }, refused: false });
    expect(await vault.get(bob, 'ehr')).toBeNull();
    expect(await vault.get(ada, 'pacs')).toBeNull();
    expect(JSON.stringify(await all('credentials'))).not.toMatch(/horse|alovelace|pin/);
    // Somebody with the file moves the row to their own name: it does not open there.
    await db.run('identity', [{ sql: `UPDATE credentials SET sub = 'sub-2'`, params: [] }]);
    await expect(vault.get(bob, 'ehr')).rejects.toThrow();
    await vault.remove(bob, 'ehr');
    expect(await vault.get(bob, 'ehr')).toBeNull();
    await db.close();
  });

  test('what the EHR refused stays refused, for this application, until it is replaced', async () => {
    const { db, vault } = await setUp();
    await vault.markRefused(ada, 'ehr');
    expect(await vault.get(ada, 'ehr')).toBeNull();
    for (const application of ['ehr', 'pacs']) await vault.put(ada, application, own);
    await vault.put(bob, 'ehr', own);
    await vault.markRefused(ada, 'ehr');
    expect(await vault.get(ada, 'ehr')).toEqual({ credential: own, refused: true });
    expect([await vault.get(ada, 'pacs'), await vault.get(bob, 'ehr')]).toMatchObject([{ refused: false }, { refused: false }]);
    await vault.put(ada, 'ehr', own);
    expect(await vault.get(ada, 'ehr')).toEqual({ credential: own, refused: false });
    await db.close();
  });

  onFile(
    'what was stored by an earlier version opens, is not refused, and gets its login name when its person comes',
    async () => {
      const directory = temporaryDirectory();
      createMasterKey(`${directory}/key`);
      const sealer = new FileSealer(`${directory}/key`);
      const old = new DatabaseSync(join(directory, 'identity.db'));
      old.exec('CREATE TABLE schema_version (version INTEGER NOT NULL) STRICT');
      for (const migration of schemas.identity.migrations.slice(0, 2)) old.exec(migration);
      old.exec('INSERT INTO schema_version VALUES (2)');
      const sealed = sealer.seal('ehr-credential', JSON.stringify([issuer, 'sub-1', 'ehr']), '{"username":"u","password":"p"}');
      old.prepare('INSERT INTO credentials (issuer, sub, application, sealed) VALUES (?, ?, ?, ?)').run(issuer, 'sub-1', 'ehr', sealed); // prettier-ignore
      old.close();
      const db = await openStateDb(directory);
      expect(await new SqliteCredentialVault(db, sealer).get(ada, 'ehr')).toEqual({
        credential: { username: 'u', password: 'p', more: {} },
        refused: false,
      });
      const [rows] = await db.run('identity', [{ sql: 'SELECT name FROM credentials', params: [] }]);
      expect(rows?.rows).toEqual([{ name: 'ada' }]);
      await db.close();
    },
  );

  onFile('what was imported goes to the person with that login name, once and sealed to them', async () => {
    const { db, vault, all, importNow } = await setUp();
    importNow({}, { name: 'carol' });
    expect(JSON.stringify(await all('imported_credentials'))).not.toMatch(/staple|1234/);
    expect(await vault.get(bob, 'ehr')).toBeNull();
    expect(await vault.get({ ...ada, issuer: 'https://other.example' }, 'ehr')).toBeNull();
    expect(await vault.get(ada, 'ehr')).toEqual({ credential: imported, refused: false });
    expect((await all('imported_credentials')).map((row) => row['name'])).toEqual(['carol']);
    expect(await all('credentials')).toMatchObject([{ sub: 'sub-1', name: 'ada', application: 'ehr' }]);
    // From now on it is theirs: another person who gets the login name later gets nothing with it.
    expect(await vault.get({ ...bob, name: 'ada' }, 'ehr')).toBeNull();
    expect(await vault.get({ ...ada, name: 'ada.new' }, 'ehr')).toMatchObject({ credential: imported });
    await db.close();
  });

  onFile('many requests of one person at the same time take it over once', async () => {
    const { db, vault, all, importNow } = await setUp();
    importNow({});
    const got = await Promise.all(Array.from({ length: 20 }, () => vault.get(ada, 'ehr')));
    expect(got).toEqual(got.map(() => ({ credential: imported, refused: false })));
    expect([(await all('credentials')).length, await all('imported_credentials')]).toEqual([1, []]);
    await db.close();
  });

  onFile('the newer one counts: an import after a refusal, and what a person entered after an import', async () => {
    const { db, vault, all, importNow } = await setUp();
    await vault.put(ada, 'ehr', own);
    await vault.markRefused(ada, 'ehr');
    importNow({});
    expect(await vault.get(ada, 'ehr')).toEqual({ credential: imported, refused: false });
    importNow({ credential: { ...imported, password: 'typed wrong' } });
    await vault.put(ada, 'ehr', own);
    expect(await vault.get(ada, 'ehr')).toEqual({ credential: own, refused: false });
    expect(await all('imported_credentials')).toEqual([]);
    await db.close();
  });

  onFile('what is removed does not come back out of an import', async () => {
    const { db, vault, importNow } = await setUp();
    importNow({}, { application: 'pacs' });
    await vault.remove(ada, 'ehr');
    expect(await vault.get(ada, 'ehr')).toBeNull();
    expect(await vault.get(ada, 'pacs')).not.toBeNull();
    await db.close();
  });

  onFile('an import that was moved to another login name does not open there', async () => {
    const { db, vault, importNow } = await setUp();
    importNow({});
    await db.run('identity', [{ sql: `UPDATE imported_credentials SET name = 'bob'`, params: [] }]);
    await expect(vault.get(bob, 'ehr')).rejects.toThrow();
    await db.close();
  });
});
