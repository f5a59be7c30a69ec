// Certified reviews in the database that syncs every commit: a disposition that is on record must be found again after a power
// loss. Holds names of staff and tokens of patients; what reviewers typed is sealed, in notes and
// certificates, and what was signed is held against the record.

import { z } from 'zod';
import { reviewDispositions } from '../core/review/review.ts';
import type { Disposed, Review, ReviewFacts, ReviewItemFacts, ReviewKind } from '../core/review/review.ts';
import type { ReviewStore } from '../review-ports.ts';
import type { Sealer } from '../ports.ts';
import { reviewNoteOwner, reviewNotePurpose, reviewStatementOwner, reviewStatementPurpose } from './sealed-owners.ts';
import type { StateDb, Statement, StatementResult } from './state-db.ts';

type Row = StatementResult['rows'][number];

const person = z.object({ issuer: z.string(), sub: z.string(), name: z.string() });
const itemFacts = z.object({
  number: z.int(),
  record: z.int(),
  time: z.number(),
  person: person.nullable(),
  roles: z.string(),
  kind: z.string(),
  patient: z.string().nullable(),
  words: z.string(),
});
const disposed = z.object({ disposition: z.enum(reviewDispositions), by: person, at: z.number() });
const stratum = z.object({ roles: z.string(), kind: z.string(), accesses: z.int(), drawn: z.int() });
const sample = z.object({
  seed: z.string(),
  wanted: z.int(),
  size: z.int(),
  checkpoint: z.object({ size: z.int(), root: z.string() }),
  strata: z.array(stratum),
});
const reviewFacts = z.object({
  id: z.string(),
  kind: z.enum(['triage', 'monthly', 'emergency']),
  period: z.string(),
  since: z.number(),
  until: z.number(),
  preparedAt: z.number(),
  dueAt: z.number(),
  population: z.object({
    records: z.int(),
    people: z.int(),
    patients: z.int(),
    chartsOpened: z.int(),
    isCut: z.boolean(),
  }),
  gaps: z.array(z.object({ kind: z.string(), from: z.number(), until: z.number() })),
  unwatchedMilliseconds: z.number(),
  sample: sample.nullable(),
});

const open = `(signed_at IS NULL AND (kind <> 'emergency' OR EXISTS (
  SELECT 1 FROM review_items WHERE review = id AND disposed IS NULL)))`;
const itemsOf = 'SELECT facts, disposed, sealed FROM review_items WHERE review = ? ORDER BY number';
const columns = 'facts, statement, signed_at, overdue_at';

export class SqliteReviews implements ReviewStore {
  readonly #db: StateDb;
  readonly #sealer: Sealer;

  constructor(db: StateDb, sealer: Sealer) {
    this.#db = db;
    this.#sealer = sealer;
  }

  async begin(facts: ReviewFacts, items: readonly ReviewItemFacts[]): Promise<void> {
    const review = 'INSERT INTO reviews (id, kind, period, until, facts) VALUES (?, ?, ?, ?, ?)';
    const item = 'INSERT INTO review_items (review, number, facts) VALUES (?, ?, ?)';
    const { id, kind, period, until } = facts;
    await this.#db.run('identity', [
      { sql: review, params: [id, kind, period, until, JSON.stringify(facts)] },
      ...items.map((one) => ({ sql: item, params: [id, one.number, JSON.stringify(one)] })),
    ]);
  }

  async find(id: string): Promise<Review | null> {
    const [found] = await this.#rows({ sql: `SELECT ${columns} FROM reviews WHERE id = ?`, params: [id] });
    return found === undefined ? null : this.#whole(found);
  }

  async list(most: number, from = 0): Promise<readonly Review[]> {
    const sql = `SELECT ${columns} FROM reviews ORDER BY ${open} DESC, until DESC, id LIMIT ? OFFSET ?`;
    const reviews: Review[] = [];
    for (const row of await this.#rows({ sql, params: [most, from] })) reviews.push(await this.#whole(row));
    return reviews;
  }

  async periods(kind: ReviewKind, most: number): Promise<readonly string[]> {
    const sql = 'SELECT period FROM reviews WHERE kind = ? ORDER BY until DESC LIMIT ?';
    return (await this.#rows({ sql, params: [kind, most] })).map(({ period }) => String(period));
  }

  async dispose(id: string, items: readonly number[], { note, ...what }: Disposed): Promise<void> {
    const sql = `UPDATE review_items SET disposed = ?, sealed = ? WHERE review = ? AND number = ?
      AND (SELECT signed_at FROM reviews WHERE id = review) IS NULL`;
    await this.#db.run(
      'identity',
      items.map((item) => ({
        sql,
        params: [JSON.stringify(what), this.#sealer.seal(reviewNotePurpose, reviewNoteOwner(id, item), note), id, item],
      })),
    );
  }

  async keepStatement(id: string, statement: string): Promise<void> {
    const sql = 'UPDATE reviews SET statement = ? WHERE id = ? AND signed_at IS NULL';
    const sealed = this.#sealer.seal(reviewStatementPurpose, reviewStatementOwner(id), statement);
    await this.#rows({ sql, params: [sealed, id] });
  }

  async sign(id: string, at: number): Promise<boolean> {
    const sql = 'UPDATE reviews SET signed_at = ? WHERE id = ? AND signed_at IS NULL';
    const [signed] = await this.#db.run('identity', [{ sql, params: [at, id] }]);
    return signed?.changes === 1;
  }

  async markOverdue(id: string, at: number): Promise<void> {
    await this.#rows({ sql: 'UPDATE reviews SET overdue_at = ? WHERE id = ? AND overdue_at IS NULL', params: [at, id] });
  }

  async #whole(row: Row): Promise<Review> {
    const facts = reviewFacts.parse(JSON.parse(String(row['facts'])));
    const { statement, signed_at: signedAt, overdue_at: overdueAt } = row;
    const items = await this.#rows({ sql: itemsOf, params: [facts.id] });
    return {
      ...facts,
      items: items.map((item) => ({
        ...itemFacts.parse(JSON.parse(String(item['facts']))),
        disposed: this.#disposedOf(facts.id, item),
      })),
      statement:
        typeof statement === 'string'
          ? this.#sealer.open(reviewStatementPurpose, reviewStatementOwner(facts.id), statement)
          : null,
      signedAt: typeof signedAt === 'number' ? signedAt : null,
      overdueAt: typeof overdueAt === 'number' ? overdueAt : null,
    };
  }

  #disposedOf(review: string, { facts, disposed: what, sealed }: Row): Disposed | null {
    if (typeof what !== 'string') return null;
    const { number } = itemFacts.parse(JSON.parse(String(facts)));
    const note = this.#sealer.open(reviewNotePurpose, reviewNoteOwner(review, number), String(sealed));
    return { note, ...disposed.parse(JSON.parse(what)) };
  }

  async #rows(statement: Statement): Promise<readonly Row[]> {
    return (await this.#db.run('identity', [statement]))[0]?.rows ?? [];
  }
}
