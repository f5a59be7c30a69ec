// Live sessions in memory, written through to the embedded database. Memory answers; the disk remembers. An ended
// session is gone from memory at once, its key is on a durable list, and no write of ours can bring it back.

import { personKey } from '../core/downloads/person-key.ts';
import { Fault } from '../core/faults.ts';
import { countActivity } from '../core/session/activity.ts';
import type { EndReason, LockReason, Session } from '../core/session/session.ts';
import type { Clock, Lookup, OperationsLog, SessionStore } from '../ports.ts';
import type { SessionList } from '../session-ports.ts';
import { insertSession, readSessionRow, sessionColumns } from './session-row.ts';
import type { SessionStoreOptions } from './session-store-options.ts';
import type { StateDb, Statement } from './state-db.ts';

const flushMilliseconds = 1000;
const sweepMilliseconds = 60_000;
/** Longer than any session may live, so that an old file cannot revive one. */
const rememberEndedMilliseconds = 31 * 86_400_000;

interface Live {
  session: Session;
  /** `lastActiveAt` as it stands on disk. */
  written: number;
}

interface UnconfirmedEnd {
  /** The session's key, and the one it had before where a rename was on its way. */
  readonly keys: readonly string[];
  readonly reason: EndReason;
  readonly at: number;
}

export class SqliteSessionStore implements SessionStore, SessionList {
  readonly #db: StateDb;
  readonly #clock: Clock;
  readonly #log: OperationsLog;
  readonly #options: SessionStoreOptions;
  readonly #live = new Map<string, Live>();
  readonly #bySubject = new Map<string, Set<string>>();
  /** Reference → key: a reference stays when the key changes. */
  readonly #byReference = new Map<string, string>();
  readonly #moved = new Set<string>();
  /** Old key → new key while a rename is on its way, so that ending the old one ends the new one. */
  readonly #renaming = new Map<string, string>();
  /** Ends that the disk has not confirmed. Tried again until it has: a restart would bring those sessions back. */
  readonly #unconfirmed = new Set<UnconfirmedEnd>();
  readonly #listeners: ((session: Session, reason: EndReason) => void)[] = [];
  readonly #lockListeners: ((session: Session, why: LockReason) => void)[] = [];
  readonly #renameListeners: ((from: string, to: string) => void)[] = [];
  readonly #timers: NodeJS.Timeout[];

  private constructor(db: StateDb, clock: Clock, log: OperationsLog, options: SessionStoreOptions) {
    this.#db = db;
    this.#clock = clock;
    this.#log = log;
    this.#options = options;
    const flush = setInterval(() => void this.flush(), flushMilliseconds).unref();
    const sweep = setInterval(() => void this.sweep(), sweepMilliseconds).unref();
    this.#timers = [flush, sweep];
  }

  /** Loads every session of an earlier run that has not ended; damaged rows are left out and said so. */
  static async open(db: StateDb, clock: Clock, log: OperationsLog, options: SessionStoreOptions): Promise<SqliteSessionStore> {
    const store = new SqliteSessionStore(db, clock, log, options);
    await store.#load();
    return store;
  }

  find(key: string): Lookup<Session> {
    const live = this.#live.get(key);
    return live === undefined ? { found: 'no' } : { found: 'yes', value: live.session };
  }

  /** The live session with this reference, whatever key it goes by now. */
  byReference(reference: string): Session | null {
    return this.#live.get(this.#byReference.get(reference) ?? '')?.session ?? null;
  }

  async create(session: Session): Promise<void> {
    if (this.#live.size >= (this.#options.maximumSessions ?? 100_000)) {
      throw new Fault('session-store-unavailable', { detail: `${this.#live.size} sessions are open, which is the limit` });
    }
    await this.#db.run('sessions', [insertSession(session)]);
    this.#add(session);
  }

  async update(key: string, fields: Partial<Omit<Session, 'key' | 'version' | 'createdAt'>>): Promise<boolean> {
    const live = this.#live.get(key);
    if (live === undefined) return false;
    live.session = { ...live.session, ...fields, version: live.session.version + 1 };
    const { names, values } = sessionColumns({ ...fields, version: live.session.version });
    const set = names.map((name) => `${name} = ?`).join(', ');
    const [result] = await this.#db.run('sessions', [
      { sql: `UPDATE sessions SET ${set} WHERE key = ?`, params: [...values, key] },
    ]);
    return result?.changes === 1;
  }

  async rename(key: string, nextKey: string, fields: Partial<Omit<Session, 'key' | 'version' | 'createdAt'>>): Promise<boolean> {
    const live = this.#live.get(key);
    if (live === undefined || this.#renaming.has(key)) return false;
    // Over what stands now, never over what the caller read before: tokens may have been renewed in between.
    const renamed = { ...live.session, ...fields, key: nextKey, version: live.session.version + 1 };
    this.#remove(live.session);
    this.#add(renamed);
    this.#tellRenamed(key, renamed.key);
    this.#renaming.set(key, renamed.key);
    try {
      const { names, values } = sessionColumns(renamed);
      const set = names.map((name) => `${name} = ?`).join(', ');
      const sql = `UPDATE sessions SET key = ?, ${set} WHERE key = ?`;
      const [result] = await this.#db.run('sessions', [{ sql, params: [renamed.key, ...values, key] }]);
      return result?.changes === 1 && this.#live.has(renamed.key);
    } catch (cause) {
      // The person keeps the session they had: a slow disk never signs anybody out.
      if (this.#live.has(renamed.key)) {
        this.#remove(renamed);
        this.#add(live.session);
        this.#tellRenamed(renamed.key, key);
      }
      throw cause;
    } finally {
      this.#renaming.delete(key);
    }
  }

  touch(key: string, lastActiveAt: number, kind: 'script' | 'navigation'): void {
    const live = this.#live.get(key);
    if (live === undefined || live.session.lockedAt !== null || lastActiveAt <= live.session.lastActiveAt) return;
    live.session = { ...live.session, lastActiveAt, activity: countActivity(live.session.activity, kind) };
    if (lastActiveAt - live.written > this.#options.touchStepMilliseconds) this.#moved.add(key);
  }

  async lock(key: string, since: number, why: LockReason = 'idle'): Promise<boolean> {
    const live = this.#live.get(this.#renaming.get(key) ?? key);
    if (live === undefined || live.session.lockedAt !== null) return false;
    const { lastActiveAt, activity } = live.session;
    const written = this.update(live.session.key, { lockedAt: since, lastActiveAt, activity });
    for (const listener of this.#lockListeners) listener(live.session, why);
    await written;
    return true;
  }

  async end(key: string, reason: EndReason): Promise<boolean> {
    const live = this.#live.get(this.#renaming.get(key) ?? key);
    if (live === undefined) return false;
    const { session } = live;
    this.#remove(session);
    for (const listener of this.#listeners) listener(session, reason);
    const end = { keys: [...new Set([session.key, key])], reason, at: this.#clock.now() };
    this.#unconfirmed.add(end);
    await this.#confirm(end);
    return true;
  }

  async ofSubject(issuer: string, sub: string): Promise<readonly Session[]> {
    const keys = this.#bySubject.get(personKey({ issuer, sub })) ?? [];
    return Promise.resolve([...keys].flatMap((key) => this.#live.get(key)?.session ?? []));
  }

  // A look at every session: a provider's logout is rare, and an index would have to follow every renewal.
  async ofProviderSession(issuer: string, providerSession: string): Promise<readonly Session[]> {
    const fits = (one: Session): boolean => one.providerSession === providerSession && one.subject.issuer === issuer;
    return Promise.resolve(this.all().filter(fits));
  }

  onDevice(id: string): readonly Session[] {
    return this.all().filter(({ device }) => device?.id === id);
  }

  onEnd(callback: (session: Session, reason: EndReason) => void): void {
    this.#listeners.push(callback);
  }

  onLock(callback: (session: Session, why: LockReason) => void): void {
    this.#lockListeners.push(callback);
  }

  locked(): readonly Session[] {
    return this.all().filter(({ lockedAt }) => lockedAt !== null);
  }

  onRename(callback: (from: string, to: string) => void): void {
    this.#renameListeners.push(callback);
  }

  /** Live sessions, for a listing and for metrics. */
  get size(): number {
    return this.#live.size;
  }

  /** Writes the touches that moved far enough, in one transaction, and the ends that the disk did not take before. */
  async flush(): Promise<void> {
    for (const end of this.#unconfirmed) {
      await this.#confirm(end).catch((cause: unknown) => this.#log.warn({ cause }, 'The end of a session could not be written'));
    }
    const due: Statement[] = [];
    for (const key of this.#moved) {
      const live = this.#live.get(key);
      if (live === undefined) continue;
      live.written = live.session.lastActiveAt;
      due.push({
        sql: 'UPDATE sessions SET last_active_at = ?, activity = ? WHERE key = ? AND last_active_at < ?',
        params: [live.written, JSON.stringify(live.session.activity), key, live.written],
      });
    }
    this.#moved.clear();
    if (due.length === 0) return;
    try {
      await this.#db.run('sessions', due);
    } catch (cause) {
      // Memory still knows; the next touch beyond the step is written again.
      this.#log.warn({ touches: due.length, cause }, 'Touches of sessions could not be written');
    }
  }

  /** Locks and ends the sessions that nobody came back to, and forgets ends that no file can contradict any more. */
  async sweep(): Promise<void> {
    const now = this.#clock.now();
    try {
      for (const live of this.#live.values()) {
        await this.#bringBack(live, now);
        const { session } = live;
        const judged = this.#options.judge(session, now);
        if (judged.standing === 'ended') await this.end(session.key, judged.why);
        else if (judged.standing === 'locked') await this.lock(session.key, judged.since);
      }
      const sql = 'DELETE FROM ended_sessions WHERE ended_at < ?';
      await this.#db.run('identity', [{ sql, params: [now - rememberEndedMilliseconds] }]);
    } catch (cause) {
      this.#log.warn({ cause }, 'Sessions past their limits could not be swept');
    }
  }

  /** Seen in the future, because the clock was set back since: left so, it would count as seen just now until that time has come. */
  async #bringBack(live: Live, now: number): Promise<void> {
    if (live.session.lastActiveAt <= now) return;
    live.written = now;
    await this.update(live.session.key, { lastActiveAt: now });
  }

  /** Writes what is outstanding. The database is closed by whoever opened it. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    for (const [key, live] of this.#live) if (live.session.lastActiveAt > live.written) this.#moved.add(key);
    await this.flush();
  }

  async #load(): Promise<void> {
    const [ended] = await this.#db.run('identity', [{ sql: 'SELECT key FROM ended_sessions', params: [] }]);
    const endedKeys = new Set(ended?.rows.map((row) => row['key']));
    const [stored] = await this.#db.run('sessions', [{ sql: 'SELECT * FROM sessions', params: [] }]);
    const gone: Statement[] = [];
    for (const row of stored?.rows ?? []) {
      const read = readSessionRow(row);
      if ('session' in read && !endedKeys.has(read.session.key)) this.#add(read.session);
      else gone.push({ sql: 'DELETE FROM sessions WHERE key IS ?', params: [String(row['key'])] });
      if ('damaged' in read) this.#log.error({ why: read.damaged }, 'A damaged session row was left out');
    }
    if (gone.length > 0) await this.#db.run('sessions', gone);
  }

  async #confirm(end: UnconfirmedEnd): Promise<void> {
    const { keys, reason, at } = end;
    // First the durable list: after a power loss the row may be back, and the list outlives it.
    const sql = 'INSERT INTO ended_sessions (key, reason, ended_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING';
    await this.#db.run(
      'identity',
      keys.map((key) => ({ sql, params: [key, reason, at] })),
    );
    await this.#db.run('sessions', [{ sql: 'DELETE FROM sessions WHERE key = ?', params: [keys[0] ?? ''] }]);
    this.#unconfirmed.delete(end);
  }

  /** Every live one. */
  all(): readonly Session[] {
    return [...this.#live.values()].map(({ session }) => session);
  }

  #tellRenamed(from: string, to: string): void {
    for (const listener of this.#renameListeners) listener(from, to);
  }

  #add(session: Session): void {
    this.#live.set(session.key, { session, written: session.lastActiveAt });
    this.#byReference.set(session.reference, session.key);
    const person = personKey(session.subject);
    const keys = this.#bySubject.get(person) ?? new Set();
    this.#bySubject.set(person, keys.add(session.key));
  }

  #remove(session: Session): void {
    this.#live.delete(session.key);
    this.#byReference.delete(session.reference);
    this.#moved.delete(session.key);
    const person = personKey(session.subject);
    const keys = this.#bySubject.get(person);
    keys?.delete(session.key);
    if (keys?.size === 0) this.#bySubject.delete(person);
  }
}
