// Patients for a command on the same machine, beside a running gateway and without its lock: the token of an id, and who
// stands behind tokens. Reads alone; only the gateway makes the key and keeps ids.

import type { PatientNames, PatientTokens } from '../patient-ports.ts';
import type { StoreSettings } from '../core/store/store-settings.ts';
import { openDatabaseFile } from './database-file.ts';
import { patientToken, readPatientKey } from './patient-key.ts';
import { openPostgresBeside } from './open-postgres-beside.ts';
import { SqlitePatientDirectory } from './patient-directory-sqlite.ts';
import { SqlitePatientImports } from './patient-imports-sqlite.ts';
import { SqlitePatientNames } from './patient-names-sqlite.ts';
import { FileSealer } from './sealer-file.ts';
import { stateBeside } from './state-db-beside.ts';
import type { StateDb } from './state-db.ts';

export interface PatientFile {
  readonly tokens: Pick<PatientTokens, 'tokenOf'>;
  readonly names: PatientNames;
  readonly directory: SqlitePatientDirectory;
  /** For an import where no gateway runs. */
  readonly imports: SqlitePatientImports;
  close(): Promise<void>;
}

/** Rejects, naming file and fix, where the state or the master key cannot be opened. Close it. */
export async function openPatientFile(
  dataDirectory: string,
  masterKeyFile: string,
  store: StoreSettings | null = null,
): Promise<PatientFile> {
  const sealer = new FileSealer(masterKeyFile);
  const database = openDatabaseFile(dataDirectory, 'identity');
  let shared: StateDb | null = null;
  const close = async (): Promise<void> => {
    database.close();
    await shared?.close();
  };
  try {
    // Directories stand beside the gateway in any case; the ids behind tokens where gateways share them.
    shared = store === null ? null : await openPostgresBeside(store.durable);
    const db = stateBeside(database);
    const key = await readPatientKey(db, sealer);
    if (key === null)
      throw new Error(`"${dataDirectory}" holds no key of patient tokens; start the gateway of this version once`);
    const tokens = { tokenOf: (id: string) => patientToken(key, id) };
    const directory = new SqlitePatientDirectory(db, sealer, tokens);
    return {
      tokens,
      directory,
      imports: new SqlitePatientImports(db),
      names: new SqlitePatientNames(shared ?? db, sealer, tokens, directory),
      close,
    };
  } catch (cause) {
    await close();
    throw cause;
  }
}
