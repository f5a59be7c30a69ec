// Which patient each session of an EHR carries, as a row that several gateways read and change: a change is made of what the
// row says, and counts only where nobody changed it in between.

import { z } from 'zod';
import { Fault } from '../core/faults.ts';
import { unknownSelection } from '../core/session/selection.ts';
import type { Selection } from '../core/session/selection.ts';
import type { StateDb } from './state-db.ts';

/** A selection that is under way for longer was one of a gateway that broke: nobody will say how it went. */
const longestMilliseconds = 600_000;
/** Longer than any session may live. */
const keptMilliseconds = 31 * 86_400_000;
const forgetEvery = 1000;
const mostTries = 50;

const shape = z.object({
  committed: z.string().nullable(),
  pending: z.array(z.object({ request: z.string(), patient: z.string().nullable() })),
  ambiguous: z.boolean(),
  overlapped: z.boolean(),
}) satisfies z.ZodType<Selection>;

interface Stored {
  readonly state: Selection;
  readonly version: number;
}

export class SelectionRows {
  readonly #db: StateDb;
  readonly #clock: { now(): number };
  #changes = 0;

  constructor(db: StateDb, clock: { now(): number }) {
    this.#db = db;
    this.#clock = clock;
  }

  /** Null where nobody knows anything of it. Rejects with Fault `session-store-unavailable`. */
  async read(id: string): Promise<Selection | null> {
    return (await this.#stored(id))?.state ?? null;
  }

  /** `start`: what it is where there is no row. Resolves to what it is then. Rejects with Fault `session-store-unavailable`. */
  async change(id: string, start: Selection, step: (state: Selection) => Selection): Promise<Selection> {
    await this.#forget();
    for (let tries = 0; tries < mostTries; tries += 1) {
      const stored = await this.#stored(id);
      const state = stored?.state ?? start;
      const next = step(state);
      if (stored !== null && next === state) return next;
      if (await this.#write(id, next, stored?.version ?? null)) return next;
    }
    throw new Fault('session-store-unavailable', { detail: 'Others change the patient of one EHR session without end' });
  }

  async #stored(id: string): Promise<Stored | null> {
    const sql = 'SELECT state, version, at FROM ehr_selections WHERE id = ?';
    const [found] = await this.#db.run('sessions', [{ sql, params: [id] }]);
    const row = found?.rows[0];
    if (row === undefined) return null;
    const state = shape.parse(JSON.parse(String(row['state'])));
    const isLost = state.pending.length > 0 && this.#clock.now() - Number(row['at']) > longestMilliseconds;
    return { state: isLost ? unknownSelection() : state, version: Number(row['version']) };
  }

  async #write(id: string, state: Selection, version: number | null): Promise<boolean> {
    const [text, now] = [JSON.stringify(state), this.#clock.now()];
    const statement =
      version === null
        ? {
            sql: 'INSERT INTO ehr_selections (id, state, version, at) VALUES (?, ?, 1, ?) ON CONFLICT (id) DO NOTHING',
            params: [id, text, now],
          }
        : {
            sql: 'UPDATE ehr_selections SET state = ?, version = version + 1, at = ? WHERE id = ? AND version = ?',
            params: [text, now, id, version],
          };
    const [written] = await this.#db.run('sessions', [statement]);
    return written?.changes === 1;
  }

  async #forget(): Promise<void> {
    this.#changes += 1;
    if (this.#changes % forgetEvery !== 1) return;
    const sql = 'DELETE FROM ehr_selections WHERE at < ?';
    await this.#db.run('sessions', [{ sql, params: [this.#clock.now() - keptMilliseconds] }]);
  }
}
