// The vault of EHR passwords for the command line, beside a running gateway: lists whose are kept, imports, removes. Never
// tells a password, and never takes the gateway's lock.

import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Soon } from '../session-ports.ts';
import type { EhrCredential } from '../ehr-ports.ts';
import { writeCredential } from './credential-text.ts';
import { openDatabaseFile } from './database-file.ts';
import { reseal } from './reseal.ts';
import type { Resealed, RotatingSealer } from './reseal.ts';
import { importOwner, importPurpose } from './sealed-owners.ts';

/** One credential without its secrets. `sub` is null while it was imported and its person has not come yet. */
export interface VaultListing {
  readonly issuer: string;
  readonly sub: string | null;
  /** Login name; null where it was stored by an earlier version and its person has not come since. */
  readonly name: string | null;
  readonly application: string;
  readonly refused: boolean;
}

export interface ImportRow {
  readonly issuer: string;
  /** Login name, as the provider sends it. */
  readonly name: string;
  readonly application: string;
  readonly credential: EhrCredential;
}

/** At most these rows in one import, which is one transaction. */
export const mostImported = 10_000;

export const listingShape = z.object({
  issuer: z.string(),
  sub: z.string().nullable(),
  name: z.string().nullable(),
  application: z.string(),
  refused: z.number().transform((value) => value !== 0),
});

export const selectVault = `SELECT issuer, sub, name, application, refused FROM credentials
  UNION ALL SELECT issuer, NULL, name, application, 0 FROM imported_credentials ORDER BY 1, 3, 2, 4`;
/** Issuer, name, application, sealed. */
export const upsertImported = `INSERT INTO imported_credentials (issuer, name, application, sealed) VALUES (?, ?, ?, ?)
  ON CONFLICT (issuer, name, application) DO UPDATE SET sealed = excluded.sealed`;

/** On either engine; beside files everything is there at once. */
export interface Vault {
  list(): Soon<readonly VaultListing[]>;
  importRows(rows: readonly ImportRow[]): Soon<number>;
  remove(issuer: string, person: PersonNamed, application: string): Soon<number>;
  reseal(): Soon<readonly Resealed[]>;
}

/** Throws, naming file and fix, where it is missing or of another version. Close it. */
export function openVaultFile(dataDirectory: string, sealer: RotatingSealer) {
  const database = openDatabaseFile(dataDirectory, 'identity');
  return {
    list: (): readonly VaultListing[] =>
      database
        .prepare(selectVault)
        .all()
        .map((row) => listingShape.parse(row)),
    /** All rows or none; a row for the same login name and application replaces the one before. Returns how many. */
    importRows: (rows: readonly ImportRow[]): number => importRows(database, sealer, rows),
    /** What is kept for this person, by `sub` or by login name, imported or not. Returns how many rows have gone. */
    remove: (issuer: string, person: PersonNamed, application: string): number =>
      removeRows(database, issuer, person, application),
    /** Seals everything in the databases anew with the newest key, not the vault alone. */
    reseal: (): readonly Resealed[] => reseal(dataDirectory, sealer),
    close: (): void => database.close(),
  };
}

export type PersonNamed = { readonly sub: string } | { readonly name: string };

function importRows(database: DatabaseSync, sealer: RotatingSealer, rows: readonly ImportRow[]): number {
  if (rows.length > mostImported) throw new Error(`An import holds at most ${mostImported} rows, and this one ${rows.length}`);
  // Sealed before the transaction, which keeps the gateway's own writes waiting.
  const sealed = rows.map(({ issuer, name, application, credential }) => {
    const text = sealer.seal(importPurpose, importOwner(issuer, name, application), writeCredential(credential));
    return [issuer, name, application, text] as const;
  });
  const statement = database.prepare(upsertImported);
  transact(database, () => sealed.forEach((row) => statement.run(...row)));
  return rows.length;
}

function removeRows(database: DatabaseSync, issuer: string, person: PersonNamed, application: string): number {
  const [column, value] = 'sub' in person ? (['sub', person.sub] as const) : (['name', person.name] as const);
  const own = database.prepare(`DELETE FROM credentials WHERE issuer = ? AND ${column} = ? AND application = ?`);
  const imported = database.prepare('DELETE FROM imported_credentials WHERE issuer = ? AND name = ? AND application = ?');
  let gone = 0;
  transact(database, () => {
    gone += Number(own.run(issuer, value, application).changes);
    if (column === 'name') gone += Number(imported.run(issuer, value, application).changes);
  });
  return gone;
}

function transact(database: DatabaseSync, work: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    work();
    database.exec('COMMIT');
  } catch (cause) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw cause;
  }
}
