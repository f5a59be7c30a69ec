// Who is held after an alert: on disk, so that a restart frees nobody, and in memory, which is all that a request looks at. A row
// that cannot be read holds nobody and is told: a part that only watches must not shut a clinician out by a mistake of its own. What
// other gateways impose and lift is read again as soon as they tell, all that is in force at once: it is little.

import { z } from 'zod';
import { personKey } from '../core/downloads/person-key.ts';
import type { DetectorName } from '../core/detect/detector.ts';
import { restrictingKinds } from '../core/respond/restriction.ts';
import type { Restriction } from '../core/respond/restriction.ts';
import type { Clock, Soon } from '../ports.ts';
import type { Restrictions } from '../restriction-ports.ts';
import type { SharedParts } from '../shared-ports.ts';
import { FollowedRows, personMark } from './followed-rows.ts';
import { oneGateway } from './one-gateway.ts';
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
  VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (alert, kind) DO NOTHING`;

type Held = Map<string, readonly Restriction[]>;

export class SqliteRestrictions implements Restrictions {
  readonly #db: StateDb;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #followed: FollowedRows;
  #held: Held = new Map();
  /** Held here and not on disk, or not yet. */
  readonly #unwritten = new Set<Restriction>();
  #unreadable = 0;

  private constructor(db: StateDb, clock: Pick<Clock, 'now'>, { changes }: SharedParts) {
    this.#db = db;
    this.#clock = clock;
    this.#followed = new FollowedRows({ changes, topic: 'restrictions', read: async () => this.#read() });
  }

  static async open(db: StateDb, clock: Pick<Clock, 'now'>, shared: SharedParts = oneGateway): Promise<SqliteRestrictions> {
    const store = new SqliteRestrictions(db, clock, shared);
    await store.#followed.readAll();
    return store;
  }

  /** What is not as it should be, as sentences without their full stop. */
  notices(): readonly string[] {
    if (this.#unreadable === 0) return [];
    return [`${this.#unreadable} restrictions after alerts cannot be read, and hold nobody; look at the alerts and decide anew`];
  }

  of(person: Pick<Restriction['person'], 'issuer' | 'sub'>, now: number): Soon<readonly Restriction[]> {
    const unread = this.#followed.unread(() => personMark(person));
    return unread === undefined ? this.#inForce(person, now) : unread.then(() => this.#inForce(person, now));
  }

  async latest(): Promise<void> {
    await this.#followed.latest();
  }

  all(now: number): readonly Restriction[] {
    const everybody = [...this.#held.values()].flatMap(([first]) =>
      first === undefined ? [] : this.#inForce(first.person, now),
    );
    return everybody.toSorted((a, b) => b.since - a.since);
  }

  async impose(restriction: Restriction): Promise<void> {
    const { alert, kind, person, detector, since, until } = restriction;
    const params = [alert, kind, person.issuer, person.sub, person.name, detector, since, until];
    const before = 'SELECT lifted_at FROM restrictions WHERE alert = ? AND kind = ?';
    // Held before it is on disk: what fails there leaves the person held until the next start, and is told.
    this.#unwritten.add(restriction);
    hold(this.#held, restriction);
    const [, kept] = await this.#db.run('identity', [
      { sql: insert, params },
      { sql: before, params: [alert, kind] },
    ]);
    this.#unwritten.delete(restriction);
    if ((kept?.rows[0]?.['lifted_at'] ?? null) !== null) free(this.#held, restriction);
    await this.#followed.wrote(personMark(person));
  }

  async lift({ alert, kind }: Pick<Restriction, 'alert' | 'kind'>, at: number): Promise<boolean> {
    const held = this.all(at).find((one) => one.alert === alert && one.kind === kind);
    if (held === undefined) return false;
    const sql = 'UPDATE restrictions SET lifted_at = ? WHERE alert = ? AND kind = ? AND lifted_at IS NULL';
    const [lifted] = await this.#db.run('identity', [{ sql, params: [at, alert, kind] }]);
    for (const one of this.#unwritten) if (one.alert === alert && one.kind === kind) this.#unwritten.delete(one);
    free(this.#held, held);
    await this.#followed.wrote(personMark(held.person));
    return lifted?.changes === 1;
  }

  #inForce(person: Pick<Restriction['person'], 'issuer' | 'sub'>, now: number): readonly Restriction[] {
    const key = personKey(person);
    const held = this.#held.get(key);
    if (held === undefined) return [];
    const inForce = held.filter(({ until }) => until === null || now < until);
    if (inForce.length === 0) this.#held.delete(key);
    return inForce;
  }

  async #read(): Promise<() => void> {
    const [result] = await this.#db.run('identity', [{ sql: open, params: [this.#clock.now()] }]);
    const held: Held = new Map();
    let unreadable = 0;
    for (const row of result?.rows ?? []) {
      const read = shape.safeParse(row);
      if (read.success) hold(held, read.data);
      else unreadable += 1;
    }
    return () => {
      for (const one of this.#unwritten) hold(held, one);
      this.#held = held;
      this.#unreadable = unreadable;
    };
  }
}

function hold(held: Held, restriction: Restriction): void {
  replace(held, restriction, [restriction]);
}

function free(held: Held, restriction: Restriction): void {
  replace(held, restriction, []);
}

function replace(held: Held, { person, alert, kind }: Restriction, by: readonly Restriction[]): void {
  const key = personKey(person);
  const others = (held.get(key) ?? []).filter((one) => one.alert !== alert || one.kind !== kind);
  if (others.length + by.length === 0) held.delete(key);
  else held.set(key, [...others, ...by]);
}
