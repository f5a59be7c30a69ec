// Tokens of patients, and the ids behind them, sealed in the embedded database. What is known is in memory, so that a
// patient costs one write, the first time anybody opens their chart. An id is bound to its token and opens nowhere else. Rows are
// never changed or taken out, so what one gateway has in memory cannot be gone by another's doing; at worst an id is written twice,
// which changes nothing.

import type { KeyObject } from 'node:crypto';
import { Fault } from '../core/faults.ts';
import { forgetOldest } from '../core/forget-oldest.ts';
import type { PatientTokens } from '../patient-ports.ts';
import type { Clock, OperationsLog, Sealer, Soon } from '../ports.ts';
import { openPatientKey, patientToken } from './patient-key.ts';
import { patientOwner, patientPurpose } from './sealed-owners.ts';
import type { StateDb, Statement } from './state-db.ts';

/** Ids in memory: more than a clinic opens in a day. One that was forgotten is written again, which changes nothing. */
const mostKnown = 50_000;
/** A longer one is no id of an EHR; it gets a token and no place in memory or in the store. */
const mostIdCharacters = 256;
/** Ids beside those of patients that are kept in a minute: a viewer of images names hundreds of pictures. */
const mostKeptPerMinute = 300;
const minuteMilliseconds = 60_000;
/** Ids that wait for the disk. */
const mostWaiting = 5000;
const insert = 'INSERT INTO patients (token, sealed) VALUES (?, ?) ON CONFLICT (token) DO NOTHING';

interface Known {
  readonly token: string;
  kept: boolean;
  /** While it is being written, for all who come meanwhile. */
  keeping: Promise<void> | null;
}

/** Ids that go to the disk in one transaction. */
interface Batch {
  readonly statements: Statement[];
  readonly written: Promise<void>;
}

export interface PatientTokensNeeds {
  readonly db: Pick<StateDb, 'run'>;
  readonly sealer: Sealer;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly log: Pick<OperationsLog, 'warn'>;
}

export class SqlitePatientTokens implements PatientTokens {
  readonly #needs: PatientTokensNeeds;
  readonly #key: KeyObject;
  readonly #known = new Map<string, Known>();
  /** One transaction at a time: whoever comes meanwhile shares the next one. */
  #writing: Promise<unknown> = Promise.resolve();
  #next: Batch | null = null;
  #failed = false;
  #minute = { began: -Infinity, kept: 0 };

  private constructor(needs: PatientTokensNeeds, key: KeyObject) {
    this.#needs = needs;
    this.#key = key;
  }

  /** Makes the key where there is none. Rejects where the store cannot be read or the key not be opened. */
  static async open(needs: PatientTokensNeeds): Promise<SqlitePatientTokens> {
    return new SqlitePatientTokens(needs, await openPatientKey(needs.db, needs.sealer));
  }

  tokenOf(id: string): string {
    return id.length > mostIdCharacters ? patientToken(this.#key, id) : this.#look(id).token;
  }

  /** Rejects with Fault `session-store-unavailable`. */
  remember(id: string): Soon<void> {
    return id.length > mostIdCharacters ? undefined : this.#remember(id, this.#look(id));
  }

  /**
   * The token for a record that may not wait. The id is kept behind it as far as there is room in this minute; where it
   * cannot be, the log says so, once until it can again.
   */
  recordedToken(id: string): string {
    if (id.length > mostIdCharacters) return patientToken(this.#key, id);
    const known = this.#look(id);
    if (known.kept || known.keeping !== null || !this.#hasRoom()) return known.token;
    this.#remember(id, known)?.catch((cause: unknown) => this.#tell(cause));
    return known.token;
  }

  #hasRoom(): boolean {
    const now = this.#needs.clock.monotonic();
    if (now - this.#minute.began >= minuteMilliseconds) this.#minute = { began: now, kept: 0 };
    this.#minute.kept += 1;
    return this.#minute.kept <= mostKeptPerMinute;
  }

  #look(id: string): Known {
    const found = this.#known.get(id);
    if (found !== undefined) return found;
    const known: Known = { token: patientToken(this.#key, id), kept: false, keeping: null };
    this.#known.set(id, known);
    forgetOldest(this.#known, mostKnown);
    return known;
  }

  #remember(id: string, known: Known): Promise<void> | undefined {
    if (known.kept) return undefined;
    known.keeping ??= this.#keep(id, known).finally(() => {
      known.keeping = null;
    });
    return known.keeping;
  }

  async #keep(id: string, known: Known): Promise<void> {
    const { token } = known;
    const batch = (this.#next ??= this.#begin());
    if (batch.statements.length >= mostWaiting) {
      throw new Fault('session-store-unavailable', { detail: `${mostWaiting} ids of patients wait for the disk` });
    }
    const sealed = this.#needs.sealer.seal(patientPurpose, patientOwner(token), id);
    batch.statements.push({ sql: insert, params: [token, sealed] });
    await batch.written;
    known.kept = true;
    this.#failed = false;
  }

  #begin(): Batch {
    const statements: Statement[] = [];
    const write = async (): Promise<void> => {
      this.#next = null;
      await this.#needs.db.run('identity', statements);
    };
    const written = this.#writing.then(write, write);
    this.#writing = written;
    return { statements, written };
  }

  #tell(cause: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#needs.log.warn({ cause }, 'The ids behind tokens of the record cannot be kept at present');
  }
}
