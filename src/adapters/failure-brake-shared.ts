// The brake on sign-ons where several gateways sign on at the same EHRs: tries are rows, and whether one more may be made is
// decided by the statement that writes it. An account that the EHR refused is a row too, until the next start of a gateway.

import type { Subject } from '../core/session/session.ts';
import type { SignOnBrake, SignOnTry } from '../ehr-ports.ts';
import type { Clock, OperationsLog } from '../ports.ts';
import { systemRandomness } from './randomness-system.ts';
import type { Row, StateDb, Statement } from './state-db.ts';

const windowMilliseconds = 60_000;
/** Tries of one application that wait here for others to end; beyond it, and after waiting too long, people come back later. */
const mostWaiting = 100;
const longestWaitMilliseconds = 15_000;
const crowdedSeconds = 5;
/** How often a try that waits is looked for again: another gateway does not say when one of its own has ended. */
const lookAgainMilliseconds = 250;
/** Failures of one person that count within the window, so that somebody who mistypes does not keep everybody out. */
const mostOfOnePerson = 2;

type Person = Pick<Subject, 'issuer' | 'sub'>;

interface SharedBrakeOptions {
  readonly db: StateDb;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: OperationsLog;
  readonly mostPerMinute: number;
}

const insertTry = `INSERT INTO ehr_tries (id, application, issuer, sub, at, failed)
  SELECT ?1, ?2, ?3, ?4, CAST(?5 AS BIGINT), 0 WHERE (SELECT count(*) FROM ehr_tries WHERE application = ?2) < CAST(?6 AS BIGINT)`;
const insertFailed = 'INSERT INTO ehr_tries (id, application, issuer, sub, at, failed) VALUES (?, ?, ?, ?, ?, 1)';
const selectFailed = 'SELECT at FROM ehr_tries WHERE application = ? AND failed = 1 AND at > ? ORDER BY at DESC';
const keepLatest = `DELETE FROM ehr_tries WHERE application = ?1 AND issuer = ?2 AND sub = ?3 AND failed = 1 AND id NOT IN (
  SELECT id FROM ehr_tries WHERE application = ?1 AND issuer = ?2 AND sub = ?3 AND failed = 1
  ORDER BY at DESC, rowid DESC LIMIT ${mostOfOnePerson})`;

export class SharedFailureBrake implements SignOnBrake {
  readonly #options: SharedBrakeOptions;
  readonly #refused = new Set<string>();
  #waiting = 0;

  constructor(options: SharedBrakeOptions) {
    this.#options = options;
  }

  async failed(application: string, person: Person): Promise<void> {
    const { issuer, sub } = person;
    const id = systemRandomness.id();
    const failure = { sql: insertFailed, params: [id, application, issuer, sub, this.#options.clock.now()] };
    await this.#options.db.run('sessions', [failure, ofOnePerson(application, person)]);
  }

  async pausedFor(application: string): Promise<number | null> {
    const [failed] = await this.#options.db.run('sessions', [this.#failures(application)]);
    return this.#pause(failed?.rows ?? []);
  }

  async begin(application: string, person: Person): Promise<SignOnTry | number> {
    const { clock } = this.#options;
    const since = clock.now();
    for (;;) {
      const tried = await this.#tryNow(application, person);
      if (tried !== null) return tried;
      if (clock.now() - since > longestWaitMilliseconds || this.#waiting >= mostWaiting) return crowdedSeconds;
      this.#waiting += 1;
      await new Promise((resolve) => setTimeout(resolve, lookAgainMilliseconds));
      this.#waiting -= 1;
    }
  }

  /** Never rejects: what this gateway knows holds here in any case. */
  async refuse(application: string, account: string): Promise<void> {
    this.#refused.add(`${application} ${account}`);
    const sql =
      'INSERT INTO refused_accounts (application, account, at) VALUES (?, ?, ?) ON CONFLICT (application, account) DO NOTHING';
    await this.#heedless([{ sql, params: [application, account, this.#options.clock.now()] }]);
  }

  async isRefused(application: string, account: string): Promise<boolean> {
    if (this.#refused.has(`${application} ${account}`)) return true;
    const sql = 'SELECT 1 AS refused FROM refused_accounts WHERE application = ? AND account = ?';
    const [found] = await this.#options.db.run('sessions', [{ sql, params: [application, account] }]);
    return (found?.rows.length ?? 0) > 0;
  }

  /** Null where others are under way whose end must be known first. */
  async #tryNow(application: string, person: Person): Promise<SignOnTry | number | null> {
    const { db, clock, mostPerMinute } = this.#options;
    const now = clock.now();
    const id = systemRandomness.id();
    const [, made, failed] = await db.run('sessions', [
      // What lies ahead is from before a clock was set back.
      { sql: 'DELETE FROM ehr_tries WHERE at <= ? OR at > ?', params: [now - windowMilliseconds, now + windowMilliseconds] },
      { sql: insertTry, params: [id, application, person.issuer, person.sub, now, mostPerMinute] },
      this.#failures(application),
    ]);
    if (made?.changes === 1) return { end: async (isFailed) => this.#ended(id, application, person, isFailed) };
    return this.#pause(failed?.rows ?? []);
  }

  async #ended(id: string, application: string, person: Person, isFailed: boolean): Promise<void> {
    // A row that cannot be written now stays what it is, and counts until its minute is over.
    await this.#heedless(
      isFailed
        ? [
            { sql: 'UPDATE ehr_tries SET failed = 1, at = ? WHERE id = ?', params: [this.#options.clock.now(), id] },
            ofOnePerson(application, person),
          ]
        : [{ sql: 'DELETE FROM ehr_tries WHERE id = ?', params: [id] }],
    );
  }

  #failures(application: string): Statement {
    return { sql: selectFailed, params: [application, this.#options.clock.now() - windowMilliseconds] };
  }

  /** Seconds until the next; null where not so many have failed. The latest comes first. */
  #pause(failed: readonly Row[]): number | null {
    const { clock, mostPerMinute } = this.#options;
    const oldest = failed[mostPerMinute - 1];
    if (oldest === undefined) return null;
    return Math.max(1, Math.ceil((Number(oldest['at']) + windowMilliseconds - clock.now()) / 1000));
  }

  async #heedless(statements: readonly Statement[]): Promise<void> {
    try {
      await this.#options.db.run('sessions', statements);
    } catch (cause) {
      this.#options.log.warn({ cause }, 'How a sign-on at the EHR ended could not be written for the other gateways');
    }
  }
}

function ofOnePerson(application: string, { issuer, sub }: Person): Statement {
  return { sql: keepLatest, params: [application, issuer, sub] };
}

/** A start forgives accounts, because it also brings what was wrong with them. */
export async function forgiveAccounts(db: StateDb): Promise<void> {
  await db.run('sessions', [{ sql: 'DELETE FROM refused_accounts', params: [] }]);
}
