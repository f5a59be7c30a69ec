// The vault of EHR passwords for the command line where gateways share a PostgreSQL: as `vault-file.ts`, by the same statements.

import type { StoreSettings } from '../core/store/store-settings.ts';
import { writeCredential } from './credential-text.ts';
import { openPostgresBeside } from './open-postgres-beside.ts';
import { reseal } from './reseal.ts';
import type { Resealed, RotatingSealer } from './reseal.ts';
import { resealShared } from './reseal-shared.ts';
import { importOwner, importPurpose } from './sealed-owners.ts';
import type { StateDb, Statement } from './state-db.ts';
import { listingShape, mostImported, selectVault, upsertImported } from './vault-file.ts';
import type { ImportRow, PersonNamed, Vault } from './vault-file.ts';

/** Rejects, saying what to do, where PostgreSQL cannot be used. Close it. */
export async function openVaultShared({ durable }: StoreSettings, dataDirectory: string, sealer: RotatingSealer) {
  const db = await openPostgresBeside(durable);
  const vault: Vault = {
    list: async () => {
      const [found] = await db.run('identity', [{ sql: selectVault, params: [] }]);
      return (found?.rows ?? []).map((row) => listingShape.parse(row));
    },
    importRows: (rows) => importRows(db, sealer, rows),
    remove: (issuer, person, application) => removeRows(db, issuer, person, application),
    reseal: async () => together(await resealShared(db, sealer), reseal(dataDirectory, sealer)),
  };
  return { ...vault, close: () => db.close() };
}

async function importRows(db: StateDb, sealer: RotatingSealer, rows: readonly ImportRow[]): Promise<number> {
  if (rows.length > mostImported) throw new Error(`An import holds at most ${mostImported} rows, and this one ${rows.length}`);
  const statements = rows.map(({ issuer, name, application, credential }): Statement => {
    const sealed = sealer.seal(importPurpose, importOwner(issuer, name, application), writeCredential(credential));
    return { sql: upsertImported, params: [issuer, name, application, sealed] };
  });
  await db.run('identity', statements);
  return rows.length;
}

async function removeRows(db: StateDb, issuer: string, person: PersonNamed, application: string): Promise<number> {
  const [column, value] = 'sub' in person ? (['sub', person.sub] as const) : (['name', person.name] as const);
  const params = [issuer, value, application];
  const own = { sql: `DELETE FROM credentials WHERE issuer = ? AND ${column} = ? AND application = ?`, params };
  const imported = { sql: 'DELETE FROM imported_credentials WHERE issuer = ? AND name = ? AND application = ?', params };
  const results = await db.run('identity', column === 'name' ? [own, imported] : [own]);
  return results.reduce((gone, { changes }) => gone + changes, 0);
}

/** What stands beside this gateway counts with what is shared. */
function together(shared: readonly Resealed[], beside: readonly Resealed[]): readonly Resealed[] {
  return beside.map((one) => {
    const other = shared.find(({ what }) => what === one.what);
    if (other === undefined) return one;
    return {
      what: one.what,
      resealed: one.resealed + other.resealed,
      already: one.already + other.already,
      changed: one.changed + other.changed,
      unopened: one.unopened + other.unopened,
    };
  });
}
