// Who signed in lately on each shared device. Nothing of it stands in memory: a page asks now and then, and whoever took themselves
// off the list at one gateway is off it at all. Forgets everybody after a shift. A list for convenience: what cannot be read or
// written is told to the log and keeps nobody out.

import { z } from 'zod';
import { deskListMilliseconds, peopleAtDesk } from '../core/session/desk-people.ts';
import type { DeskPeople, DeskPerson } from '../desk-ports.ts';
import type { Clock, OperationsLog } from '../ports.ts';
import type { StateDb, Statement, StatementResult } from './state-db.ts';

const shape = z.object({
  issuer: z.string(),
  sub: z.string(),
  name: z.string(),
  display_name: z.string(),
  at: z.number(),
});

export interface DeskPeopleOptions {
  readonly db: StateDb;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: OperationsLog;
}

/** Of one desk: more than anybody signs in at within a shift. */
const mostRead = 200;
const latest = `SELECT issuer, sub, name, display_name, at FROM desk_people WHERE device = ? ORDER BY at DESC LIMIT ${mostRead}`;
const insert = `INSERT INTO desk_people (device, issuer, sub, name, display_name, at) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (device, issuer, sub) DO UPDATE SET name = excluded.name, display_name = excluded.display_name, at = excluded.at`;
const forget = 'DELETE FROM desk_people WHERE at <= ?';

export class SqliteDeskPeople implements DeskPeople {
  readonly #options: DeskPeopleOptions;

  private constructor(options: DeskPeopleOptions) {
    this.#options = options;
  }

  /** Rejects with Fault `session-store-unavailable`. */
  static async open(options: DeskPeopleOptions): Promise<SqliteDeskPeople> {
    await options.db.run('sessions', [{ sql: forget, params: [options.clock.now() - deskListMilliseconds] }]);
    return new SqliteDeskPeople(options);
  }

  async of(device: string): Promise<readonly DeskPerson[]> {
    const [found] = await this.#run('Who signed in at a shared device could not be read', { sql: latest, params: [device] });
    const people = (found?.rows ?? []).flatMap((row): DeskPerson[] => {
      const read = shape.safeParse(row);
      if (!read.success) return [];
      const { display_name: displayName, ...person } = read.data;
      return [{ ...person, displayName }];
    });
    return peopleAtDesk(people, this.#options.clock.now());
  }

  async add(device: string, { issuer, sub, name, displayName }: Omit<DeskPerson, 'at'>): Promise<void> {
    const at = this.#options.clock.now();
    await this.#run(
      notWritten,
      { sql: insert, params: [device, issuer, sub, name, displayName, at] },
      { sql: forget, params: [at - deskListMilliseconds] },
    );
  }

  async remove(device: string, { issuer, sub }: Pick<DeskPerson, 'issuer' | 'sub'>): Promise<void> {
    const sql = 'DELETE FROM desk_people WHERE device = ? AND issuer = ? AND sub = ?';
    await this.#run(notWritten, { sql, params: [device, issuer, sub] });
  }

  async #run(otherwise: string, ...statements: Statement[]): Promise<readonly StatementResult[]> {
    try {
      return await this.#options.db.run('sessions', statements);
    } catch (cause) {
      this.#options.log.warn({ cause }, otherwise);
      return [];
    }
  }
}

const notWritten = 'Who signed in at a shared device could not be written';
