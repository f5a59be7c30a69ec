// Patients for a command on the same machine, beside a running gateway and without its lock: the token of an id, and who
// stands behind tokens. Reads alone; only the gateway makes the key and keeps ids.

import type { PatientNames, PatientTokens } from '../patient-ports.ts';
import { openDatabaseFile } from './database-file.ts';
import { patientToken, readPatientKey } from './patient-key.ts';
import { SqlitePatientNames } from './patient-names-sqlite.ts';
import { FileSealer } from './sealer-file.ts';
import type { StateDb, Statement, StatementResult } from './state-db.ts';

export interface PatientFile {
  readonly tokens: Pick<PatientTokens, 'tokenOf'>;
  readonly names: PatientNames;
  close(): void;
}

/** Rejects, naming file and fix, where the state or the master key cannot be opened. Close it. */
export async function openPatientFile(dataDirectory: string, masterKeyFile: string): Promise<PatientFile> {
  const sealer = new FileSealer(masterKeyFile);
  const database = openDatabaseFile(dataDirectory, 'identity');
  try {
    const one = ({ sql, params }: Statement): StatementResult => {
      const rows = database.prepare(sql).all(...params);
      return { rows, changes: rows.length };
    };
    const db: Pick<StateDb, 'run'> = { run: async (_identity, statements) => statements.map(one) };
    const key = await readPatientKey(db, sealer);
    if (key === null)
      throw new Error(`"${dataDirectory}" holds no key of patient tokens; start the gateway of this version once`);
    const tokens = { tokenOf: (id: string) => patientToken(key, id) };
    return { tokens, names: new SqlitePatientNames(db, sealer, tokens), close: () => database.close() };
  } catch (cause) {
    database.close();
    throw cause;
  }
}
