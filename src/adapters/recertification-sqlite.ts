// Recertifications and who has which role, in the database that syncs every commit: a decision that is on record must be found
// again after a power loss. Holds names of staff, no patient and no secret; what was signed is held against the record.

import { z } from 'zod';
import { decisions } from '../core/recertification/campaign.ts';
import type { Campaign, CampaignFacts, Closed, Decided, RowFacts } from '../core/recertification/campaign.ts';
import type { KnownRole, RecertificationStore } from '../recertification-ports.ts';
import type { StateDb, Statement, StatementResult } from './state-db.ts';

const person = z.object({ issuer: z.string(), sub: z.string(), name: z.string() });
const rowFacts = z.object({
  row: z.int(),
  person,
  displayName: z.string(),
  role: z.string(),
  grantedAt: z.number(),
  seenAt: z.number(),
  use: z.object({ by: z.enum(['request', 'sign-in', 'none']), at: z.number().nullable(), rule: z.string().nullable() }),
  unused: z.array(z.string()),
});
const decided = z.object({ decision: z.enum(decisions), note: z.string(), by: person, at: z.number() });
const closed = z.object({ how: z.enum(['seen-gone', 'done']), at: z.number(), by: z.string().nullable() });
const campaignFacts = z.object({
  id: z.string(),
  quarter: z.string(),
  startedAt: z.number(),
  since: z.number(),
  policy: z.string(),
  roles: z.array(z.object({ role: z.string(), groups: z.array(z.string()), rights: z.array(z.string()) })),
  unknownPeople: z.number(),
});
const known = z
  .object({
    issuer: z.string(),
    sub: z.string(),
    role: z.string(),
    granted_at: z.number(),
    seen_at: z.number(),
    gone_at: z.number().nullable(),
  })
  .transform(({ issuer, sub, role, granted_at: grantedAt, seen_at: seenAt, gone_at: goneAt }): KnownRole => ({
    issuer,
    sub,
    role,
    grantedAt,
    seenAt,
    goneAt,
  }));

/** Rows at most that one campaign has, and that a listing of roles holds. */
const mostRows = 20_000;

const newest = 'SELECT id, facts, statement, signed_at FROM recertifications ORDER BY started_at DESC, rowid DESC LIMIT 1';
const rowsOf = 'SELECT facts, decided, closed FROM recertification_rows WHERE campaign = ? ORDER BY number';

export class SqliteRecertifications implements RecertificationStore {
  readonly #db: StateDb;

  constructor(db: StateDb) {
    this.#db = db;
  }

  async roles(): Promise<readonly KnownRole[]> {
    const sql = `SELECT issuer, sub, role, granted_at, seen_at, gone_at FROM person_roles ORDER BY issuer, sub, role LIMIT ${mostRows}`;
    return ((await this.#run({ sql, params: [] }))?.rows ?? []).map((row) => known.parse(row));
  }

  async begin(facts: CampaignFacts, rows: readonly RowFacts[]): Promise<void> {
    if (rows.length > mostRows)
      throw new Error(`A recertification has at most ${mostRows} rows, and this one would have ${rows.length}`);
    const campaign = 'INSERT INTO recertifications (id, started_at, facts) VALUES (?, ?, ?)';
    const row = 'INSERT INTO recertification_rows (campaign, number, facts) VALUES (?, ?, ?)';
    await this.#db.run('identity', [
      { sql: campaign, params: [facts.id, facts.startedAt, JSON.stringify(facts)] },
      ...rows.map((one) => ({ sql: row, params: [facts.id, one.row, JSON.stringify(one)] })),
    ]);
  }

  async current(): Promise<Campaign | null> {
    const found = (await this.#run({ sql: newest, params: [] }))?.rows[0];
    if (found === undefined) return null;
    const facts = campaignFacts.parse(JSON.parse(String(found['facts'])));
    const rows = (await this.#run({ sql: rowsOf, params: [facts.id] }))?.rows ?? [];
    const { statement, signed_at: signedAt } = found;
    return {
      ...facts,
      rows: rows.map((row) => ({
        ...rowFacts.parse(JSON.parse(String(row['facts']))),
        decided: typeof row['decided'] === 'string' ? decided.parse(JSON.parse(row['decided'])) : null,
        closed: typeof row['closed'] === 'string' ? closed.parse(JSON.parse(row['closed'])) : null,
      })),
      statement: typeof statement === 'string' ? statement : null,
      signedAt: typeof signedAt === 'number' ? signedAt : null,
    };
  }

  async lastSignedAt(): Promise<number | null> {
    const found = await this.#run({ sql: 'SELECT max(signed_at) AS at FROM recertifications', params: [] });
    const at = found?.rows[0]?.['at'];
    return typeof at === 'number' ? at : null;
  }

  async decide(id: string, rows: readonly number[], what: Decided): Promise<void> {
    const sql = `UPDATE recertification_rows SET decided = ? WHERE campaign = ? AND number = ?
      AND (SELECT signed_at FROM recertifications WHERE id = campaign) IS NULL`;
    await this.#db.run(
      'identity',
      rows.map((row) => ({ sql, params: [JSON.stringify(what), id, row] })),
    );
  }

  async keepStatement(id: string, statement: string): Promise<void> {
    await this.#run({
      sql: 'UPDATE recertifications SET statement = ? WHERE id = ? AND signed_at IS NULL',
      params: [statement, id],
    });
  }

  async sign(id: string, at: number): Promise<boolean> {
    const sql = 'UPDATE recertifications SET signed_at = ? WHERE id = ? AND signed_at IS NULL';
    return (await this.#run({ sql, params: [at, id] }))?.changes === 1;
  }

  async close(id: string, row: number, what: Closed): Promise<void> {
    const sql = 'UPDATE recertification_rows SET closed = ? WHERE campaign = ? AND number = ? AND closed IS NULL';
    await this.#run({ sql, params: [JSON.stringify(what), id, row] });
  }

  async #run(statement: Statement): Promise<StatementResult | undefined> {
    return (await this.#db.run('identity', [statement]))[0];
  }
}
