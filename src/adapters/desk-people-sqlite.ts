// Who signed in lately on each shared device: in memory, and in the embedded database for the next start. Forgets everybody
// after a shift. A list for convenience: what cannot be written is told to the log and keeps nobody out.

import { z } from 'zod';
import { deskListMilliseconds, peopleAtDesk } from '../core/session/desk-people.ts';
import type { DeskPeople, DeskPerson } from '../desk-ports.ts';
import type { Clock, OperationsLog } from '../ports.ts';
import type { StateDb, Statement } from './state-db.ts';

const shape = z.object({
  device: z.string(),
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

export class SqliteDeskPeople implements DeskPeople {
  readonly #options: DeskPeopleOptions;
  /** Device → people; no more than the page shows, so that a desk with many people does not grow. */
  readonly #desks = new Map<string, readonly DeskPerson[]>();

  private constructor(options: DeskPeopleOptions) {
    this.#options = options;
  }

  /** Rejects with Fault `session-store-unavailable`. */
  static async open(options: DeskPeopleOptions): Promise<SqliteDeskPeople> {
    const people = new SqliteDeskPeople(options);
    const [, stored] = await options.db.run('sessions', [
      { sql: 'DELETE FROM desk_people WHERE at <= ?', params: [options.clock.now() - deskListMilliseconds] },
      { sql: 'SELECT * FROM desk_people', params: [] },
    ]);
    for (const row of stored?.rows ?? []) {
      const read = shape.safeParse(row);
      if (!read.success) continue;
      const { device, display_name: displayName, ...person } = read.data;
      people.#put(device, { ...person, displayName });
    }
    return people;
  }

  of(device: string): readonly DeskPerson[] {
    return peopleAtDesk(this.#desks.get(device) ?? [], this.#options.clock.now());
  }

  async add(device: string, { issuer, sub, name, displayName }: Omit<DeskPerson, 'at'>): Promise<void> {
    const at = this.#options.clock.now();
    this.#put(device, { issuer, sub, name, displayName, at });
    const sql = `INSERT OR REPLACE INTO desk_people (device, issuer, sub, name, display_name, at) VALUES (?, ?, ?, ?, ?, ?)`;
    await this.#write(
      { sql, params: [device, issuer, sub, name, displayName, at] },
      { sql: 'DELETE FROM desk_people WHERE at <= ?', params: [at - deskListMilliseconds] },
    );
  }

  async remove(device: string, person: Pick<DeskPerson, 'issuer' | 'sub'>): Promise<void> {
    this.#desks.set(device, this.#without(device, person));
    const sql = 'DELETE FROM desk_people WHERE device = ? AND issuer = ? AND sub = ?';
    await this.#write({ sql, params: [device, person.issuer, person.sub] });
  }

  #put(device: string, person: DeskPerson): void {
    this.#desks.set(device, peopleAtDesk([person, ...this.#without(device, person)], this.#options.clock.now()));
  }

  #without(device: string, { issuer, sub }: Pick<DeskPerson, 'issuer' | 'sub'>): readonly DeskPerson[] {
    return (this.#desks.get(device) ?? []).filter((one) => one.issuer !== issuer || one.sub !== sub);
  }

  async #write(...statements: Statement[]): Promise<void> {
    try {
      await this.#options.db.run('sessions', statements);
    } catch (cause) {
      this.#options.log.warn({ cause }, 'Who signed in at a shared device could not be written');
    }
  }
}
