// The key of patient tokens: 32 random bytes, made once and never changed, or one patient would be two in the record. It
// stands sealed in the state database, beside the ids that its tokens stand for: never with the record, always in a backup.

import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { writePatientToken } from '../core/patients/patient-token.ts';
import type { Sealer } from '../ports.ts';
import { patientKeyOwner, patientKeyPurpose } from './sealed-owners.ts';
import type { StateDb } from './state-db.ts';

const keyBytes = 32;
const select = 'SELECT sealed FROM patient_key';

/** Told apart from whatever else might once be hashed with the same key. */
const label = 'wardgate patient\0';

/** Rejects where the store cannot be read, or the key in it cannot be opened; null where none was ever made. */
export async function readPatientKey(db: Pick<StateDb, 'run'>, sealer: Pick<Sealer, 'open'>): Promise<KeyObject | null> {
  const [result] = await db.run('identity', [{ sql: select, params: [] }]);
  const row = result?.rows[0];
  if (row === undefined) return null;
  return createSecretKey(Buffer.from(sealer.open(patientKeyPurpose, patientKeyOwner, String(row['sealed'])), 'base64'));
}

/** The key, made now where there is none yet. Of gateways that start at the same time one makes it, and all use that one. */
export async function openPatientKey(db: Pick<StateDb, 'run'>, sealer: Sealer): Promise<KeyObject> {
  const known = await readPatientKey(db, sealer);
  if (known !== null) return known;
  const sealed = sealer.seal(patientKeyPurpose, patientKeyOwner, randomBytes(keyBytes).toString('base64'));
  const sql = 'INSERT INTO patient_key (id, sealed) VALUES (1, ?) ON CONFLICT (id) DO NOTHING';
  await db.run('identity', [{ sql, params: [sealed] }]);
  const made = await readPatientKey(db, sealer);
  if (made === null) throw new Error('The key of patient tokens was written and cannot be found');
  return made;
}

export function patientToken(key: KeyObject, id: string): string {
  return writePatientToken(createHmac('sha256', key).update(label).update(id, 'utf8').digest());
}
