// Cases in the database that syncs every commit. A step is kept first, sealed and not counting, then put on record, then it
// counts: after a crash between the two it is still there with its text, and its record says that it was taken.

import { createHmac, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { AskedCases, CaseStore, PreparedStep } from '../case-ports.ts';
import { recordsInOrder } from '../core/audit/record-number.ts';
import { dispositions } from '../core/cases/case.ts';
import type { Case, CaseAlert, KeptStep } from '../core/cases/case.ts';
import type { DetectorName } from '../core/detect/detector.ts';
import { personKey } from '../core/downloads/person-key.ts';
import type { Sealer } from '../ports.ts';
import { caseStepOwner, caseStepPurpose } from './sealed-owners.ts';
import type { StateDb, Statement, StatementResult } from './state-db.ts';

const text = z.string();
const named = z.object({ issuer: text, sub: text, name: text });
const person = named.extend({ key: text }).nullable();
const caseFacts = z.object({ person, patient: text.nullable() });
const alertFacts = z.object({
  sequence: z.number(),
  time: z.number(),
  detector: text.transform((name) => name as DetectorName).nullable(),
  person,
  patient: text.nullable(),
  words: text,
});
const stepFacts = z.object({
  by: z.union([named, z.literal('gateway')]),
  alerts: z.array(z.number()).optional(),
  origin: z.object({ review: text, item: z.number() }).optional(),
  disposition: z.enum(dispositions).optional(),
});
const pendingStep = z.object({ id: text, at: z.number(), facts: text }).transform(({ id, at, facts }) => {
  const { log } = z.object({ log: text.optional() }).parse(JSON.parse(facts));
  return { id, at, ...(log !== undefined && { log }) };
});
const stepRow = z.object({
  id: text,
  case_id: text,
  at: z.number(),
  kind: text,
  facts: text,
  sealed: text.nullable(),
  record: z.number(),
});
const words = z.object({ key: text, text });

/** Cases and pending steps that one listing holds. */
const mostListed = 1000;
/** Alerts of closed cases that are told. */
const mostClosed = 20_000;

const insertCase = 'INSERT INTO cases (id, opened_at, person, facts) VALUES (?, ?, ?, ?)';
const insertStep = 'INSERT INTO case_steps (id, case_id, at, kind, facts, sealed) VALUES (?, ?, ?, ?, ?, ?)';
const insertAlert = 'INSERT INTO case_alerts (sequence, step, case_id, facts) VALUES (?, ?, ?, ?)';
const countStep = 'UPDATE case_steps SET record = ?2 WHERE id = ?1 AND record IS NULL';
const turnCase = `UPDATE cases SET open = (SELECT CASE WHEN kind = 'closed' THEN 0 ELSE 1 END FROM case_steps WHERE id = ?1)
  WHERE id = (SELECT case_id FROM case_steps WHERE id = ?1 AND record = ?2)`;
const forgetting = [
  `DELETE FROM case_alerts WHERE step = (SELECT id FROM case_steps WHERE id = ?1 AND record IS NULL)`,
  `DELETE FROM cases WHERE open IS NULL AND id = (SELECT case_id FROM case_steps WHERE id = ?1 AND record IS NULL)`,
  `DELETE FROM case_steps WHERE id = ?1 AND record IS NULL`,
];
/** In the order in which they were taken: records of several gateways are not numbered in one row. */
const stepsOf = `SELECT id, case_id, at, kind, facts, sealed, record FROM case_steps WHERE case_id = ? AND record IS NOT NULL
  ORDER BY rowid`;
const alertsOf = `SELECT a.facts FROM case_alerts a JOIN case_steps s ON s.id = a.step
  WHERE a.case_id = ? AND s.record IS NOT NULL ORDER BY a.sequence`;
/** Names are compared as login names are. What a review brought up has no detector. */
const listed = `SELECT id, opened_at, facts FROM cases WHERE open IS NOT NULL AND (open = ?1 OR ?1 IS NULL)
  AND (person = ?2 OR ?2 IS NULL) AND opened_at >= ?3 AND opened_at < ?4
  AND (lower(json_extract(facts, '$.person.name')) = lower(?6) OR ?6 IS NULL)
  AND (EXISTS (SELECT 1 FROM case_alerts a JOIN case_steps s ON s.id = a.step WHERE a.case_id = cases.id
    AND s.record IS NOT NULL AND coalesce(json_extract(a.facts, '$.detector'), 'review') = ?7) OR ?7 IS NULL)
  AND ((opened_at, rowid) < (SELECT opened_at, rowid FROM cases WHERE id = ?8) OR ?8 IS NULL)
  ORDER BY opened_at DESC, rowid DESC LIMIT ?5`;

const closedAlerts = `SELECT a.sequence FROM case_alerts a JOIN case_steps s ON s.id = a.step JOIN cases c ON c.id = a.case_id
  WHERE s.record IS NOT NULL AND c.open = 0 AND c.opened_at >= ? ORDER BY c.opened_at DESC LIMIT ${mostClosed}`;

export class SqliteCaseStore implements CaseStore {
  readonly #db: Pick<StateDb, 'run'>;
  readonly #sealer: Sealer;

  constructor(db: Pick<StateDb, 'run'>, sealer: Sealer) {
    this.#db = db;
    this.#sealer = sealer;
  }

  async prepare({ id, of, step, alerts, opens, log = null }: PreparedStep): Promise<string | null> {
    const facts = {
      by: step.by,
      ...(log !== null && { log }),
      ...('alerts' in step && { alerts: step.alerts, ...(step.origin !== undefined && { origin: step.origin }) }),
      ...('disposition' in step && { disposition: step.disposition }),
    };
    const key = randomBytes(32).toString('base64url');
    const said = 'text' in step ? { key, text: step.text } : null;
    const sealed = said === null ? null : this.#sealer.seal(caseStepPurpose, caseStepOwner(id), JSON.stringify(said));
    const whose = opens?.person ?? null;
    await this.#db.run('identity', [
      ...(opens === null
        ? []
        : [
            {
              sql: insertCase,
              params: [of, step.at, whose === null ? null : personKey(whose), JSON.stringify(opens)],
            },
          ]),
      { sql: insertStep, params: [id, of, step.at, step.kind, JSON.stringify(facts), sealed] },
      ...alerts.map((alert) => ({ sql: insertAlert, params: [alert.sequence, id, of, JSON.stringify(alert)] })),
    ]);
    return said === null ? null : commitmentOf(said);
  }

  async count(id: string, record: number): Promise<void> {
    await this.#db.run('identity', [
      { sql: countStep, params: [id, record] },
      { sql: turnCase, params: [id, record] },
    ]);
  }

  async forget(id: string): Promise<void> {
    await this.#db.run(
      'identity',
      forgetting.map((sql) => ({ sql, params: [id] })),
    );
  }

  async pending(): ReturnType<CaseStore['pending']> {
    const sql = `SELECT id, at, facts FROM case_steps WHERE record IS NULL ORDER BY at LIMIT ${mostListed}`;
    return (await this.#rows({ sql, params: [] })).map((row) => pendingStep.parse(row));
  }

  async find(id: string): Promise<Case | null> {
    const [row] = await this.#rows({
      sql: 'SELECT id, opened_at, facts FROM cases WHERE id = ? AND open IS NOT NULL',
      params: [id],
    });
    return row === undefined ? null : this.#caseOf(row);
  }

  async list({ open, person: whose, name, detector, behind, from, until, most }: AskedCases): Promise<readonly Case[]> {
    const params = [
      open === undefined ? null : Number(open),
      whose ?? null,
      from ?? 0,
      until ?? Number.MAX_SAFE_INTEGER,
      Math.min(most, mostListed),
      name ?? null,
      detector ?? null,
      behind ?? null,
    ];
    const found: Case[] = [];
    for (const row of await this.#rows({ sql: listed, params })) found.push(await this.#caseOf(row));
    return found;
  }

  async ofAlert(sequence: number): Promise<string | null> {
    const sql = `SELECT a.case_id FROM case_alerts a JOIN case_steps s ON s.id = a.step
      WHERE a.sequence = ? AND s.record IS NOT NULL ORDER BY s.rowid LIMIT 1`;
    const id = (await this.#rows({ sql, params: [sequence] }))[0]?.['case_id'];
    return typeof id === 'string' ? id : null;
  }

  async closedAlerts(since: number): Promise<readonly number[]> {
    return (await this.#rows({ sql: closedAlerts, params: [since] })).map((row) => Number(row['sequence']));
  }

  async openCases(): Promise<number> {
    const rows = await this.#rows({ sql: 'SELECT count(*) AS n FROM cases WHERE open = 1', params: [] });
    return Number(rows[0]?.['n']);
  }

  async #caseOf(row: Readonly<Record<string, unknown>>): Promise<Case> {
    const { id, opened_at: openedAt, facts } = z.object({ id: text, opened_at: z.number(), facts: text }).parse(row);
    const steps = await this.#rows({ sql: stepsOf, params: [id] });
    const alerts = await this.#rows({ sql: alertsOf, params: [id] });
    return {
      id,
      openedAt,
      ...caseFacts.parse(JSON.parse(facts)),
      alerts: alerts.map((one): CaseAlert => alertFacts.parse(JSON.parse(text.parse(one['facts'])))).toSorted(recordsInOrder),
      steps: steps.map((one) => this.#stepOf(one)).toSorted(inOrder),
    };
  }

  #stepOf(row: Readonly<Record<string, unknown>>): KeptStep {
    const { id, at, kind, facts, sealed, record } = stepRow.parse(row);
    const said = sealed === null ? null : words.parse(JSON.parse(this.#sealer.open(caseStepPurpose, caseStepOwner(id), sealed)));
    const commitment = said === null ? null : commitmentOf(said);
    const parts = { id, at, kind, record, commitment, ...stepFacts.parse(JSON.parse(facts)), ...(said && { text: said.text }) };
    // What a kind carries was written by `prepare`, from a step of that kind.
    return parts as unknown as KeptStep;
  }

  async #rows(statement: Statement): Promise<StatementResult['rows']> {
    return (await this.#db.run('identity', [statement]))[0]?.rows ?? [];
  }
}

/** Steps may be on record at several gateways. */
function inOrder(one: KeptStep, other: KeptStep): number {
  const place = ({ record, at }: KeptStep) => ({ sequence: record, time: at });
  return recordsInOrder(place(one), place(other));
}

/** By a key that lies with the text, so that nobody can guess a short one from the log. */
function commitmentOf({ key, text: said }: { readonly key: string; readonly text: string }): string {
  return createHmac('sha256', Buffer.from(key, 'base64url')).update(said).digest('hex');
}
