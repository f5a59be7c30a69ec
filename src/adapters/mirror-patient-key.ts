// Gateways that share their rows share the key of patient tokens, or one patient would be two in the record. It is also kept beside
// each of them, because directories are imported there, and by it shows whether a gateway has the master key that the others have.

import type { KeyObject } from 'node:crypto';
import type { OperationsLog, Sealer } from '../ports.ts';
import { openPatientKey, readPatientKey } from './patient-key.ts';
import type { StateDb } from './state-db.ts';

type Db = Pick<StateDb, 'run'>;

const select = 'SELECT sealed FROM patient_key';
const put = 'INSERT INTO patient_key (id, sealed) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed';
const giveUp = `UPDATE patient_imports SET state = 'former' WHERE state = 'current'`;

/** Rejects where the shared key was sealed with a master key that this gateway does not have. */
export async function mirrorPatientKey(shared: Db, local: Db, sealer: Sealer, log: OperationsLog): Promise<void> {
  const key = await openedWith(shared, sealer);
  const before = await readPatientKey(local, sealer).catch(() => 'unreadable' as const);
  const [result] = await shared.run('identity', [{ sql: select, params: [] }]);
  const other = before !== null && (before === 'unreadable' || !before.equals(key));
  const given = other ? await local.run('identity', [{ sql: giveUp, params: [] }]) : [];
  await local.run('identity', [{ sql: put, params: [String(result?.rows[0]?.['sealed'])] }]);
  if ((given[0]?.changes ?? 0) > 0)
    log.warn({}, 'The directory of patients was imported under another key and is not used any more; import it again');
}

async function openedWith(shared: Db, sealer: Sealer): Promise<KeyObject> {
  // Told apart from a store that cannot be read, which says so itself.
  await shared.run('identity', [{ sql: select, params: [] }]);
  try {
    return await openPatientKey(shared, sealer);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `PostgreSQL holds what was sealed with another master key, give every gateway the same masterKeyFile: ${why}`,
      { cause },
    );
  }
}
