// People's own EHR names and passwords, sealed to person and application. Never returns one for another person: the
// sealer refuses to open it. What IT imported waits under a login name and is taken over when that person first asks.

import { z } from 'zod';
import type { CredentialVault, EhrCredential, VaultEntry } from '../ehr-ports.ts';
import type { Sealer } from '../ports.ts';
import { readCredential, writeCredential } from './credential-text.ts';
import { credentialOwner, credentialPurpose, importOwner, importPurpose } from './sealed-owners.ts';
import type { Row, StateDb, Statement } from './state-db.ts';

type Person = Parameters<CredentialVault['get']>[0];

const ownShape = z.object({ name: z.string().nullable(), sealed: z.string(), refused: z.number() });
const importShape = z.object({ sealed: z.string() });

const selectOwn = 'SELECT name, sealed, refused FROM credentials WHERE issuer = ? AND sub = ? AND application = ?';
const selectImported = 'SELECT sealed FROM imported_credentials WHERE issuer = ? AND name = ? AND application = ?';
const deleteImported = 'DELETE FROM imported_credentials WHERE issuer = ? AND name = ? AND application = ?';
const replaceOwn =
  'ON CONFLICT (issuer, sub, application) DO UPDATE SET name = excluded.name, sealed = excluded.sealed, refused = 0';
const insertOwn = `INSERT INTO credentials (issuer, sub, application, name, sealed, refused) VALUES (?, ?, ?, ?, ?, 0) ${replaceOwn}`;
/** Only while the import is still the one that was read: two requests of one person may take it over at once. */
const takeOver = `INSERT INTO credentials (issuer, sub, application, name, sealed, refused)
  SELECT ?, ?, ?, ?, ?, 0 FROM imported_credentials WHERE issuer = ? AND name = ? AND application = ? AND sealed = ? ${replaceOwn}`;

export class SqliteCredentialVault implements CredentialVault {
  readonly #db: StateDb;
  readonly #sealer: Sealer;

  constructor(db: StateDb, sealer: Sealer) {
    this.#db = db;
    this.#sealer = sealer;
  }

  async get(person: Person, application: string): Promise<VaultEntry | null> {
    const { issuer, sub, name } = person;
    const [own, imported] = await this.#db.run('identity', [
      { sql: selectOwn, params: [issuer, sub, application] },
      { sql: selectImported, params: [issuer, name, application] },
    ]);
    // An import is always the newer one: storing, taking over and removing take it away.
    const waiting = imported?.rows[0];
    if (waiting !== undefined) return this.#takeOver(person, application, waiting);
    const row = own?.rows[0];
    return row === undefined ? null : this.#read(person, application, row);
  }

  async put(person: Person, application: string, credential: EhrCredential): Promise<void> {
    const { issuer, sub, name } = person;
    const sealed = this.#seal(person, application, credential);
    await this.#db.run('identity', [
      { sql: insertOwn, params: [issuer, sub, application, name, sealed] },
      { sql: deleteImported, params: [issuer, name, application] },
    ]);
  }

  async markRefused({ issuer, sub }: Person, application: string): Promise<void> {
    const sql = 'UPDATE credentials SET refused = 1 WHERE issuer = ? AND sub = ? AND application = ?';
    await this.#db.run('identity', [{ sql, params: [issuer, sub, application] }]);
  }

  async remove({ issuer, sub, name }: Person, application: string): Promise<void> {
    const sql = 'DELETE FROM credentials WHERE issuer = ? AND sub = ? AND application = ?';
    await this.#db.run('identity', [
      { sql, params: [issuer, sub, application] },
      { sql: deleteImported, params: [issuer, name, application] },
    ]);
  }

  async removeAll({ issuer, sub, name }: Person): Promise<number> {
    const gone = await this.#db.run('identity', [
      { sql: 'DELETE FROM credentials WHERE issuer = ? AND sub = ?', params: [issuer, sub] },
      { sql: 'DELETE FROM imported_credentials WHERE issuer = ? AND name = ?', params: [issuer, name] },
    ]);
    return gone.reduce((sum, { changes }) => sum + changes, 0);
  }

  async #read(person: Person, application: string, row: Row): Promise<VaultEntry> {
    const { name, sealed, refused } = ownShape.parse(row);
    const owner = credentialOwner(person, application);
    const credential = readCredential(this.#sealer.open(credentialPurpose, owner, sealed));
    // For the listing alone; rows of an earlier version have none.
    if (name !== person.name) await this.#db.run('identity', [rename(person, application)]);
    return { credential, refused: refused !== 0 };
  }

  async #takeOver(person: Person, application: string, row: Row): Promise<VaultEntry | null> {
    const { issuer, sub, name } = person;
    const { sealed: imported } = importShape.parse(row);
    const owner = importOwner(issuer, name, application);
    const credential = readCredential(this.#sealer.open(importPurpose, owner, imported));
    const sealed = this.#seal(person, application, credential);
    const [taken] = await this.#db.run('identity', [
      { sql: takeOver, params: [issuer, sub, application, name, sealed, issuer, name, application, imported] },
      { sql: `${deleteImported} AND sealed = ?`, params: [issuer, name, application, imported] },
    ]);
    // Somebody was quicker: what they left counts.
    return taken?.changes === 1 ? { credential, refused: false } : this.get(person, application);
  }

  #seal(person: Person, application: string, credential: EhrCredential): string {
    return this.#sealer.seal(credentialPurpose, credentialOwner(person, application), writeCredential(credential));
  }
}

function rename({ issuer, sub, name }: Person, application: string): Statement {
  const sql = 'UPDATE credentials SET name = ? WHERE issuer = ? AND sub = ? AND application = ?';
  return { sql, params: [name, issuer, sub, application] };
}
