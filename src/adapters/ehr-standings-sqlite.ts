// The sessions' standings at the EHRs: in memory while the session lives, sealed on disk a second later. A crash loses that
// second, and the person is signed on anew. Never brings back what was taken or whose session has ended. For one gateway
// alone; several have `ehr-standings-shared.ts`.

import type { Caller } from '../core/session/machine-session.ts';
import type { EhrStanding, EhrStandings } from '../ehr-ports.ts';
import type { Clock, OperationsLog, Sealer, Session, SessionStore } from '../ports.ts';
import { openStanding, sealStanding } from './ehr-standing-row.ts';
import type { StateDb, Statement } from './state-db.ts';

const flushMilliseconds = 1000;
/** What an ended session held stays this long for `take`, so that whoever hears of the end can sign it off at the EHR. */
const leftForTakeMilliseconds = 60_000;

/** The live sessions: a reference stays when a session's key changes. */
export interface LiveSessions {
  byReference(reference: string): Session | null;
  onEnd: SessionStore['onEnd'];
}

export interface EhrStandingsOptions {
  readonly db: StateDb;
  readonly sessions: LiveSessions;
  readonly sealer: Sealer;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly log: OperationsLog;
}

type Held = Map<string, EhrStanding>;

export class SqliteEhrStandings implements EhrStandings {
  readonly #options: EhrStandingsOptions;
  /** Reference of the session → application → standing. */
  readonly #held = new Map<string, Held>();
  /** What differs from the disk: reference → applications; null: all that the session had must go. */
  #due = new Map<string, Set<string> | null>();
  /** Live sessions whose standings were taken; nothing is put for them any more. */
  readonly #taken = new Set<string>();
  /** Ended sessions whose standings nobody has taken yet, with the time of the end. */
  readonly #ended = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #flushing: Promise<void> = Promise.resolve();
  #isWriting = false;

  private constructor(options: EhrStandingsOptions) {
    this.#options = options;
    options.sessions.onEnd((session) => this.#end(session.reference));
    // A disk that hangs must not gather a queue of flushes.
    this.#timer = setInterval(() => void (this.#isWriting || this.flush()), flushMilliseconds).unref();
  }

  /** Loads what belongs to sessions that are alive; rows of others go. Rejects with Fault `session-store-unavailable`. */
  static async open(options: EhrStandingsOptions): Promise<SqliteEhrStandings> {
    const standings = new SqliteEhrStandings(options);
    await standings.#load();
    return standings;
  }

  get(session: Caller, application: string): EhrStanding | null {
    if (!this.#isOpen(session.reference)) return null;
    return this.#held.get(session.reference)?.get(application) ?? null;
  }

  /** One gateway alone knows everything. */
  current(session: Caller, application: string): EhrStanding | null {
    return this.get(session, application);
  }

  put(session: Caller, application: string, standing: EhrStanding): void {
    const { reference } = session;
    if (!this.#isOpen(reference)) return;
    this.#hold(reference, application, standing);
    const due = this.#due.get(reference) ?? new Set();
    this.#due.set(reference, due.add(application));
  }

  take({ reference }: Caller): ReadonlyMap<string, EhrStanding> {
    const held = this.#held.get(reference) ?? new Map<string, EhrStanding>();
    this.#held.delete(reference);
    this.#ended.delete(reference);
    if (this.#options.sessions.byReference(reference) !== null) this.#taken.add(reference);
    if (held.size > 0 || this.#due.has(reference)) this.#due.set(reference, null);
    return held;
  }

  /** Writes what has changed, in one transaction. What cannot be written is told to the log and tried again. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#write());
    return this.#flushing;
  }

  /** Writes what is outstanding. The database is closed by whoever opened it. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }

  #isOpen(reference: string): boolean {
    return !this.#taken.has(reference) && this.#options.sessions.byReference(reference) !== null;
  }

  #hold(reference: string, application: string, standing: EhrStanding): void {
    const held: Held = this.#held.get(reference) ?? new Map<string, EhrStanding>();
    this.#held.set(reference, held.set(application, standing));
  }

  #end(reference: string): void {
    this.#taken.delete(reference);
    if (!this.#held.has(reference)) return;
    this.#due.set(reference, null);
    this.#ended.set(reference, this.#options.clock.monotonic());
  }

  #forgetEnded(): void {
    const now = this.#options.clock.monotonic();
    for (const [reference, at] of this.#ended) {
      if (now - at < leftForTakeMilliseconds) continue;
      this.#ended.delete(reference);
      this.#held.delete(reference);
    }
  }

  async #write(): Promise<void> {
    this.#forgetEnded();
    const due = this.#due;
    if (due.size === 0) return;
    this.#due = new Map();
    this.#isWriting = true;
    try {
      const statements = [...due].flatMap(([reference, applications]) => this.#statements(reference, applications));
      await this.#options.db.run('sessions', statements);
    } catch (cause) {
      for (const [reference, applications] of due) this.#dueAgain(reference, applications);
      this.#options.log.warn({ cause }, 'Sessions at the EHR could not be written; they are tried again');
    } finally {
      this.#isWriting = false;
    }
  }

  #dueAgain(reference: string, applications: Set<string> | null): void {
    const since = this.#due.get(reference);
    if (since === null || applications === null) this.#due.set(reference, null);
    else this.#due.set(reference, new Set([...applications, ...(since ?? [])]));
  }

  #statements(reference: string, applications: Set<string> | null): Statement[] {
    const session = this.#options.sessions.byReference(reference);
    const held = this.#held.get(reference);
    if (applications === null || session === null || held === undefined) {
      return [{ sql: 'DELETE FROM ehr_standings WHERE reference = ?', params: [reference] }];
    }
    return [...applications].flatMap((application) => {
      const standing = held.get(application);
      return standing === undefined ? [] : [this.#upsert(session, application, standing)];
    });
  }

  #upsert(session: Session, application: string, standing: EhrStanding): Statement {
    const { reference } = session;
    const sealed = sealStanding(this.#options.sealer, session, application, standing);
    const sql = `INSERT INTO ehr_standings (reference, application, sealed) VALUES (?, ?, ?)
      ON CONFLICT (reference, application) DO UPDATE SET sealed = excluded.sealed`;
    return { sql, params: [reference, application, sealed] };
  }

  async #load(): Promise<void> {
    const { db, sessions } = this.#options;
    const [stored] = await db.run('sessions', [{ sql: 'SELECT reference, application, sealed FROM ehr_standings', params: [] }]);
    const gone: Statement[] = [];
    for (const row of stored?.rows ?? []) {
      const [reference, application] = [String(row['reference']), String(row['application'])];
      const session = sessions.byReference(reference);
      const standing = session === null ? null : openStanding(this.#options, session, application, String(row['sealed']));
      if (standing !== null) this.#hold(reference, application, standing);
      else
        gone.push({ sql: 'DELETE FROM ehr_standings WHERE reference = ? AND application = ?', params: [reference, application] });
    }
    if (gone.length > 0) await db.run('sessions', gone);
  }
}
