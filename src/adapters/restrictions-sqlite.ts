// Who is held after an alert: on disk, so that a restart frees nobody, and in memory, which is all that a request looks at. A row
// that cannot be read holds nobody and is told: a part that only watches must not shut a clinician out by a mistake of its own.

import { z } from 'zod';
import { personKey } from '../core/downloads/person-key.ts';
import type { DetectorName } from '../core/detect/detector.ts';
import { restrictingKinds } from '../core/respond/restriction.ts';
import type { Restriction } from '../core/respond/restriction.ts';
import type { Clock } from '../ports.ts';
import type { Restrictions } from '../restriction-ports.ts';
import type { StateDb } from './state-db.ts';

const shape = z
  .object({
    alert: z.int(),
    kind: z.enum(restrictingKinds),
    issuer: z.string(),
    sub: z.string(),
    name: z.string(),
    detector: z.string(),
    since: z.number(),
    until: z.number().nullable(),
  })
  .transform(({ issuer, sub, name, detector, ...rest }): Restriction => ({
    ...rest,
    person: { issuer, sub, name },
    detector: detector as DetectorName,
  }));

/** Restrictions in force at once. One detector tells of one person once a day, so this is every person of a large hospital. */
const most = 50_000;

const open = `SELECT alert, kind, issuer, sub, name, detector, since, until FROM restrictions
  WHERE lifted_at IS NULL AND (until IS NULL OR until > ?) ORDER BY alert LIMIT ${most}`;
const insert = `INSERT INTO restrictions (alert, kind, issuer, sub, name, detector, since, until)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`;

export class SqliteRestrictions implements Restrictions {
  readonly #db: StateDb;
  readonly #held = new Map<string, readonly Restriction[]>();
  #unreadable = 0;

  private constructor(db: StateDb) {
    this.#db = db;
  }

  static async open(db: StateDb, clock: Pick<Clock, 'now'>): Promise<SqliteRestrictions> {
    const store = new SqliteRestrictions(db);
    const [result] = await db.run('identity', [{ sql: open, params: [clock.now()] }]);
    for (const row of result?.rows ?? []) {
      const read = shape.safeParse(row);
      if (read.success) store.#hold(read.data);
      else store.#unreadable += 1;
    }
    return store;
  }

  /** What is not as it should be, as sentences without their full stop. */
  notices(): readonly string[] {
    if (this.#unreadable === 0) return [];
    return [`${this.#unreadable} restrictions after alerts cannot be read, and hold nobody; look at the alerts and decide anew`];
  }

  of(person: Pick<Restriction['person'], 'issuer' | 'sub'>, now: number): readonly Restriction[] {
    const key = personKey(person);
    const held = this.#held.get(key);
    if (held === undefined) return [];
    const inForce = held.filter(({ until }) => until === null || now < until);
    if (inForce.length === 0) this.#held.delete(key);
    return inForce;
  }

  all(now: number): readonly Restriction[] {
    const everybody = [...this.#held.values()].flatMap(([first]) => (first === undefined ? [] : this.of(first.person, now)));
    return everybody.toSorted((a, b) => b.since - a.since);
  }

  async impose(restriction: Restriction): Promise<void> {
    const { alert, kind, person, detector, since, until } = restriction;
    const params = [alert, kind, person.issuer, person.sub, person.name, detector, since, until];
    const before = 'SELECT lifted_at FROM restrictions WHERE alert = ? AND kind = ?';
    // Held before it is on disk: what fails there leaves the person held until the next start, and is told.
    this.#hold(restriction);
    const [, kept] = await this.#db.run('identity', [
      { sql: insert, params },
      { sql: before, params: [alert, kind] },
    ]);
    if ((kept?.rows[0]?.['lifted_at'] ?? null) !== null) this.#free(restriction);
  }

  async lift({ alert, kind }: Pick<Restriction, 'alert' | 'kind'>, at: number): Promise<boolean> {
    const held = this.all(at).find((one) => one.alert === alert && one.kind === kind);
    if (held === undefined) return false;
    const sql = 'UPDATE restrictions SET lifted_at = ? WHERE alert = ? AND kind = ?';
    await this.#db.run('identity', [{ sql, params: [at, alert, kind] }]);
    this.#free(held);
    return true;
  }

  #hold(restriction: Restriction): void {
    this.#replace(restriction, [restriction]);
  }

  #free(restriction: Restriction): void {
    this.#replace(restriction, []);
  }

  #replace({ person, alert, kind }: Restriction, by: readonly Restriction[]): void {
    const key = personKey(person);
    const others = (this.#held.get(key) ?? []).filter((one) => one.alert !== alert || one.kind !== kind);
    if (others.length + by.length === 0) this.#held.delete(key);
    else this.#held.set(key, [...others, ...by]);
  }
}
