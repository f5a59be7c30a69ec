// Puts a staged directory of patients in the place of the one before: one transaction, all of it or nothing.

import type { PatientImports, StagedImport } from '../directory-ports.ts';
import type { StateDb } from './state-db.ts';

const selectStaged = `SELECT patients, gone, file_digest FROM patient_imports WHERE generation = ? AND state = 'staged'`;
/** Only the one that the new one was compared with gives way. */
const giveWay = `UPDATE patient_imports SET state = 'former' WHERE state = 'current'
  AND generation = (SELECT based_on FROM patient_imports WHERE generation = ? AND state = 'staged')`;
const takePlace = `UPDATE patient_imports SET state = 'current', imported_at = ?2, imported_by = ?3
  WHERE generation = ?1 AND state = 'staged' AND NOT EXISTS (SELECT 1 FROM patient_imports WHERE state = 'current')`;

export class SqlitePatientImports implements PatientImports {
  readonly #db: Pick<StateDb, 'run'>;

  constructor(db: Pick<StateDb, 'run'>) {
    this.#db = db;
  }

  async staged(generation: number): Promise<StagedImport | null> {
    const [result] = await this.#db.run('identity', [{ sql: selectStaged, params: [generation] }]);
    const [row] = result?.rows ?? [];
    if (row === undefined) return null;
    return { patients: Number(row['patients']), gone: Number(row['gone']), fileDigest: String(row['file_digest']) };
  }

  async takeEffect(generation: number, at: number, by: string): Promise<boolean> {
    const [, taken] = await this.#db.run('identity', [
      { sql: giveWay, params: [generation] },
      { sql: takePlace, params: [generation, at, by] },
    ]);
    return taken?.changes === 1;
  }
}
