// The imported directory of patients, asked: who stands behind tokens, which tokens are one person's, and whose name is
// searched for. Keeps nothing in memory; an import that took effect a moment ago counts for the next question.

import { isPatientToken } from '../core/patients/patient-token.ts';
import { nameParts } from '../core/patients/name-parts.ts';
import type { DirectoryState, FoundPatient, KnownPatient, NamedPatients, PatientSearch } from '../directory-ports.ts';
import type { PatientTokens } from '../patient-ports.ts';
import type { Sealer } from '../ports.ts';
import { hiddenNameParts, openNameKey, openPatient } from './patient-directory-row.ts';
import type { Row, StateDb, Statement } from './state-db.ts';

type Directory = Pick<StateDb, 'run'>;

const current = `(SELECT generation FROM patient_imports WHERE state = 'current')`;
const selectBehind = `SELECT i.token, d.generation, d.patient, d.gone_at, d.sealed
  FROM patient_directory_ids i JOIN patient_directory d USING (generation, patient)
  WHERE i.generation = ${current} AND i.token IN (SELECT value FROM json_each(?))`;
const selectKey = `SELECT generation, sealed_key FROM patient_imports WHERE state = 'current'`;
const selectState = `SELECT patients, gone, imported_at, imported_by, file_digest FROM patient_imports WHERE state = 'current'`;

export class SqlitePatientDirectory implements PatientSearch {
  readonly #db: Directory;
  readonly #sealer: Pick<Sealer, 'open'>;
  readonly #tokens: Pick<PatientTokens, 'tokenOf'>;

  constructor(db: Directory, sealer: Pick<Sealer, 'open'>, tokens: Pick<PatientTokens, 'tokenOf'>) {
    this.#db = db;
    this.#sealer = sealer;
    this.#tokens = tokens;
  }

  async behind(tokens: readonly string[]): Promise<ReadonlyMap<string, KnownPatient>> {
    const asked = tokens.filter(isPatientToken);
    if (asked.length === 0) return new Map();
    const rows = await this.#rows({ sql: selectBehind, params: [JSON.stringify(asked)] });
    return new Map(rows.flatMap((row) => this.#known(row).map((patient) => [String(row['token']), patient] as const)));
  }

  async named(text: string, most: number): Promise<NamedPatients> {
    const [found] = await this.#rows({ sql: selectKey, params: [] });
    if (found === undefined || nameParts(text).length === 0) return { patients: [], more: false };
    const generation = Number(found['generation']);
    const key = openNameKey(this.#sealer, generation, String(found['sealed_key']));
    const rows = await this.#rows(havingParts(generation, hiddenNameParts(key, text), most + 1));
    return { patients: rows.slice(0, most).flatMap((row) => this.#known(row)), more: rows.length > most };
  }

  async find(text: string, most: number): Promise<FoundPatient> {
    const token = isPatientToken(text) ? text : this.#tokens.tokenOf(text);
    const patient = (await this.behind([token])).get(token);
    if (patient !== undefined) return { found: 'one', tokens: patient.tokens, patient };
    const { patients, more } = isPatientToken(text) ? { patients: [], more: false } : await this.named(text, most);
    const [only] = patients;
    if (only === undefined) return { found: 'one', tokens: [token], patient: null };
    return patients.length === 1 && !more
      ? { found: 'one', tokens: only.tokens, patient: only }
      : { found: 'several', patients, more };
  }

  async state(): Promise<DirectoryState | null> {
    const [row] = await this.#rows({ sql: selectState, params: [] });
    if (row === undefined) return null;
    return {
      patients: Number(row['patients']),
      gone: Number(row['gone']),
      importedAt: Number(row['imported_at']),
      importedBy: String(row['imported_by']),
      fileDigest: String(row['file_digest']),
    };
  }

  /** Tokens of all ids of the person one of them stands for; empty where it is not known. */
  async joined(token: string): Promise<readonly string[]> {
    return (await this.behind([token])).get(token)?.tokens ?? [];
  }

  /** Token → the id it stands for, and the name of its person. */
  async names(tokens: readonly string[]): Promise<ReadonlyMap<string, { readonly id: string; readonly name: string }>> {
    const behind = await this.behind(tokens);
    return new Map(
      [...behind].flatMap(([token, { name, ids, tokens: all }]) => {
        const id = ids[all.indexOf(token)]?.id;
        return id === undefined ? [] : [[token, { id, name }] as const];
      }),
    );
  }

  async #rows(statement: Statement): Promise<readonly Row[]> {
    const [result] = await this.#db.run('identity', [statement]);
    return result?.rows ?? [];
  }

  /** Nothing for a row that was put in another's place, or sealed with a key that is gone: nobody is shown under a wrong name. */
  #known(row: Row): readonly KnownPatient[] {
    try {
      const patient = openPatient(this.#sealer, Number(row['generation']), Number(row['patient']), String(row['sealed']));
      const tokens = patient.ids.map(({ id }) => this.#tokens.tokenOf(id));
      // The row that leads from a token to a patient is not sealed: what it says is believed where the patient says it too.
      const { token } = row;
      if (typeof token === 'string' && !tokens.includes(token)) return [];
      return [{ ...patient, tokens, goneAt: row['gone_at'] === null ? null : Number(row['gone_at']) }];
    } catch {
      return [];
    }
  }
}

/** Everybody who has all the parts: whoever has the first one, and then each of the others. */
function havingParts(generation: number, [first, ...others]: readonly Buffer[], most: number): Statement {
  const also = others.map(
    () =>
      'AND EXISTS (SELECT 1 FROM patient_directory_names o WHERE o.generation = n.generation AND o.part = ? AND o.patient = n.patient)',
  );
  const sql = `SELECT d.generation, d.patient, d.gone_at, d.sealed
    FROM patient_directory_names n JOIN patient_directory d USING (generation, patient)
    WHERE n.generation = ? AND n.part = ? ${also.join(' ')} ORDER BY d.gone_at IS NOT NULL, n.patient LIMIT ?`;
  return { sql, params: [generation, first ?? null, ...others, most] };
}
