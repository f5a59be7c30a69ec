// Who stands behind the tokens of patients, from the embedded database, for whoever may see them. A token whose id is not
// kept, or not for this very token, stays a token.

import type { PatientNames, PatientTokens, ShownPatient } from '../patient-ports.ts';
import type { Sealer } from '../ports.ts';
import { isPatientToken } from '../core/patients/patient-token.ts';
import { patientOwner, patientPurpose } from './sealed-owners.ts';
import type { Row, StateDb } from './state-db.ts';

/** What an imported directory adds, asked here and nowhere else. */
export interface PatientDirectory {
  /** Tokens of all ids of the patient that one of them stands for; empty where it is not known. */
  joined(token: string): Promise<readonly string[]>;
  /** Token → name, of those that are known. */
  names(tokens: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

const noDirectory: PatientDirectory = { joined: async () => [], names: async () => new Map() };

const select = 'SELECT token, sealed FROM patients WHERE token IN (SELECT value FROM json_each(?))';

export class SqlitePatientNames implements PatientNames {
  readonly #db: Pick<StateDb, 'run'>;
  readonly #sealer: Pick<Sealer, 'open'>;
  readonly #tokens: Pick<PatientTokens, 'tokenOf'>;
  readonly #directory: PatientDirectory;

  constructor(
    db: Pick<StateDb, 'run'>,
    sealer: Pick<Sealer, 'open'>,
    tokens: Pick<PatientTokens, 'tokenOf'>,
    directory: PatientDirectory = noDirectory,
  ) {
    this.#db = db;
    this.#sealer = sealer;
    this.#tokens = tokens;
    this.#directory = directory;
  }

  async show(tokens: readonly string[]): Promise<ReadonlyMap<string, ShownPatient>> {
    if (tokens.length === 0) return new Map();
    const [kept, names] = await Promise.all([
      this.#db.run('identity', [{ sql: select, params: [JSON.stringify(tokens)] }]),
      this.#directory.names(tokens),
    ]);
    const shown = new Map<string, ShownPatient>();
    for (const row of kept[0]?.rows ?? []) {
      const token = String(row['token']);
      const id = this.#open(token, row);
      if (id !== null) shown.set(token, { id, name: names.get(token) ?? null });
    }
    return shown;
  }

  async tokensOf(idOrToken: string): Promise<readonly string[]> {
    const token = isPatientToken(idOrToken) ? idOrToken : this.#tokens.tokenOf(idOrToken);
    return [...new Set([token, ...(await this.#directory.joined(token))])];
  }

  /** Null for one that was put behind another token, or sealed with a key that is gone. */
  #open(token: string, row: Row): string | null {
    try {
      return this.#sealer.open(patientPurpose, patientOwner(token), String(row['sealed']));
    } catch {
      return null;
    }
  }
}
