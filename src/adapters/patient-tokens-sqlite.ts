// Tokens of patients, and the ids behind them, sealed in the embedded database. What is known is in memory, so that a
// patient costs one write, the first time anybody opens their chart. An id is bound to its token and opens nowhere else.

import type { KeyObject } from 'node:crypto';
import { forgetOldest } from '../core/forget-oldest.ts';
import type { PatientTokens } from '../patient-ports.ts';
import type { Sealer, Soon } from '../ports.ts';
import { openPatientKey, patientToken } from './patient-key.ts';
import { patientOwner, patientPurpose } from './sealed-owners.ts';
import type { StateDb } from './state-db.ts';

/** Ids in memory: more than a clinic opens in a day. One that was forgotten is written again, which changes nothing. */
const mostKnown = 50_000;
/** A longer one is no id of an EHR; it gets a token and no place in memory or in the store. */
const mostIdCharacters = 256;
const insert = 'INSERT INTO patients (token, sealed) VALUES (?, ?) ON CONFLICT DO NOTHING';

interface Known {
  readonly token: string;
  kept: boolean;
  /** While it is being written, for all who come meanwhile. */
  keeping: Promise<void> | null;
}

export class SqlitePatientTokens implements PatientTokens {
  readonly #db: Pick<StateDb, 'run'>;
  readonly #sealer: Pick<Sealer, 'seal'>;
  readonly #key: KeyObject;
  readonly #known = new Map<string, Known>();

  private constructor(db: Pick<StateDb, 'run'>, sealer: Pick<Sealer, 'seal'>, key: KeyObject) {
    this.#db = db;
    this.#sealer = sealer;
    this.#key = key;
  }

  /** Makes the key where there is none. Rejects where the store cannot be read or the key not be opened. */
  static async open(db: Pick<StateDb, 'run'>, sealer: Sealer): Promise<SqlitePatientTokens> {
    return new SqlitePatientTokens(db, sealer, await openPatientKey(db, sealer));
  }

  tokenOf(id: string): string {
    return id.length > mostIdCharacters ? patientToken(this.#key, id) : this.#look(id).token;
  }

  /** Rejects with Fault `session-store-unavailable`. */
  remember(id: string): Soon<void> {
    if (id.length > mostIdCharacters) return undefined;
    const known = this.#look(id);
    if (known.kept) return undefined;
    known.keeping ??= this.#keep(id, known).finally(() => {
      known.keeping = null;
    });
    return known.keeping;
  }

  #look(id: string): Known {
    const found = this.#known.get(id);
    if (found !== undefined) return found;
    const known: Known = { token: patientToken(this.#key, id), kept: false, keeping: null };
    this.#known.set(id, known);
    forgetOldest(this.#known, mostKnown);
    return known;
  }

  async #keep(id: string, known: Known): Promise<void> {
    const { token } = known;
    const sealed = this.#sealer.seal(patientPurpose, patientOwner(token), id);
    await this.#db.run('identity', [{ sql: insert, params: [token, sealed] }]);
    known.kept = true;
  }
}
