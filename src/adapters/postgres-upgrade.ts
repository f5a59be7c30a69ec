// Brings the tables in PostgreSQL to this version, in one transaction: all steps or none. Tables of a newer version are left as they
// are, and used where that version says that an older one may.

import type { Client } from 'pg';
import { beginForms, formsIn, FormRefused, refuseNewer, upgradeForm, writtenForms } from './postgres-form.ts';
import type { Form } from './postgres-form.ts';
import { postgresFunctions, postgresSchema } from './postgres-sql.ts';
import { schemas } from './state-schema.ts';
import type { DatabaseName } from './state-schema.ts';
import type { StateDb } from './state-db.ts';

type Forms = Readonly<Record<DatabaseName, Form>>;

const names: readonly DatabaseName[] = ['identity', 'sessions'];

/**
 * The same steps as for the embedded files, and counted like them. Rejects where the tables are of a newer version that this one
 * cannot work beside, or of an older one that is still in use and could not go on. This gateway holds its place already.
 */
export async function upgradePostgres(client: Client, schema: string, forms: Forms = schemas): Promise<void> {
  // Whoever waited for another one that starts must see what that one made, which a snapshot from before the wait does not hold.
  await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
  try {
    await beginForms(client, schema);
    const written = await writtenForms(client);
    // The functions of a newer version are its own, as its tables are.
    if (names.every((name) => (written.get(name)?.steps ?? 0) <= forms[name].migrations.length)) {
      await client.query(postgresFunctions);
    }
    for (const name of names) {
      const own = { name, form: forms[name], written: written.get(name) ?? null, ownLocks: 1 } as const;
      await upgradeForm(client, schema, { ...own, statement: postgresSchema });
    }
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw cause;
  }
}

/** For a gateway whose connection was gone: rejects with FormRefused where a newer version took the tables over meanwhile. */
export async function refuseTakenOver(client: Client): Promise<void> {
  const written = await writtenForms(client);
  for (const name of names) {
    const form = written.get(name);
    if (form === undefined) throw new FormRefused('The database holds no tables of a gateway any more; put them back');
    refuseNewer(form, schemas[name].migrations.length);
  }
}

/** For a command beside gateways: rejects, saying what to do, where this version cannot use the tables. */
export async function checkForm(db: Pick<StateDb, 'run'>): Promise<void> {
  const [found] = await db.run('identity', [{ sql: `SELECT to_regclass('schema_version')::text AS name`, params: [] }]);
  const isThere = (found?.rows[0]?.['name'] ?? null) !== null;
  const [result] = isThere ? await db.run('identity', [{ sql: 'SELECT * FROM schema_version', params: [] }]) : [];
  const written = formsIn(result?.rows ?? []);
  for (const name of names) {
    const form = written.get(name);
    if (form === undefined) throw new Error('PostgreSQL holds no tables of a gateway yet; start the gateway once');
    const known = schemas[name].migrations.length;
    refuseNewer(form, known);
    if (form.steps >= known) continue;
    const fix = 'start the gateway of this version once';
    throw new Error(`The tables in PostgreSQL are at ${form.steps} and this program knows ${known}; ${fix}`);
  }
}
