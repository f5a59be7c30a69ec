// Live sessions in memory, written through to rows. Memory answers; the rows remember, and where several gateways share them
// they decide: what memory has is what a row said, and what others did is heard and read (decision 0050). An ended session is
// gone from memory at once, its key is on a durable list, and no write of ours can bring it back.

import { Fault } from '../core/faults.ts';
import type { EndReason, LockReason, Session } from '../core/session/session.ts';
import type { Clock, Lookup, OperationsLog, SessionStore, Soon } from '../ports.ts';
import type { Renamed, SessionList, UnconfirmedEnds, Where } from '../session-ports.ts';
import type { SharedParts } from '../shared-ports.ts';
import { oneGateway } from './one-gateway.ts';
import { SessionEnding } from './session-ending.ts';
import { SessionEnds } from './session-ends.ts';
import { SessionFollowing } from './session-following.ts';
import { SessionListeners } from './session-listeners.ts';
import { SessionLocks } from './session-locks.ts';
import { lookup, SessionLookup, unheard } from './session-lookup.ts';
import { SessionMemory } from './session-memory.ts';
import type { Live } from './session-memory.ts';
import { SessionRows } from './session-rows.ts';
import type { SessionFields } from './session-rows.ts';
import type { SessionStoreOptions } from './session-store-options.ts';
import { lateness, noLateness, sweepSession } from './session-sweep.ts';
import { takeSession } from './session-taking.ts';
import { SessionTouches } from './session-touches.ts';
import type { StateDb } from './state-db.ts';
import { ToldAgain } from './told-again.ts';

const flushMilliseconds = 1000;
const sweepMilliseconds = 60_000;
/** Longer than any session may live, so that an old file cannot revive one. */
const rememberEndedMilliseconds = 31 * 86_400_000;
/** Reading a row anew takes no longer. */
const readMilliseconds = 500;

export class SqliteSessionStore implements SessionStore, SessionList {
  readonly #clock: Clock;
  readonly #log: OperationsLog;
  readonly #options: SessionStoreOptions;
  readonly #shared: SharedParts;
  readonly #isAlone: boolean;
  readonly #rows: SessionRows;
  readonly #memory = new SessionMemory();
  readonly #listeners = new SessionListeners();
  readonly #ends: SessionEnds;
  readonly #ending: SessionEnding;
  readonly #following: SessionFollowing;
  readonly #lookup: SessionLookup;
  readonly #touches: SessionTouches;
  readonly #locks: SessionLocks;
  readonly #changed: ToldAgain;
  readonly #timers: NodeJS.Timeout[];
  #lookedAtEnds: number;

  private constructor(db: StateDb, clock: Clock, log: OperationsLog, options: SessionStoreOptions) {
    const shared = (this.#shared = options.shared ?? oneGateway);
    const isAlone = (this.#isAlone = shared.changes === oneGateway.changes);
    this.#clock = clock;
    this.#log = log;
    this.#options = options;
    this.#lookedAtEnds = clock.now();
    const rows = (this.#rows = new SessionRows(db));
    const memory = this.#memory;
    const listeners = this.#listeners;
    const changes = isAlone ? null : shared.changes;
    const parts = { rows, memory, clock, log, isAlone };
    const ends = (this.#ends = new SessionEnds({ rows, changes, log }));
    const ending = (this.#ending = new SessionEnding({ ...parts, ends, listeners }));
    this.#changed = new ToldAgain(shared.changes, 'sessions');
    const following = (this.#following = new SessionFollowing({
      ...parts,
      ends,
      take: (row) => void this.#take(row, 'elsewhere'),
      gone: (...told) => ending.gone(...told),
    }));
    this.#lookup = new SessionLookup({ changes: shared.changes, memory, following, clock });
    this.#touches = new SessionTouches({
      ...parts,
      changes,
      stepMilliseconds: options.touchStepMilliseconds,
      missed: (keys) => (isAlone ? undefined : following.mark(keys)),
    });
    this.#locks = new SessionLocks({
      ...parts,
      listeners,
      take: (row) => void this.#take(row, 'here'),
      read: async (keys) => following.read(keys, readMilliseconds),
      tell: async (key) => this.#tell([key]),
    });
    if (changes !== null) following.follow(changes, async () => this.#lookup.reload());
    const flush = setInterval(() => void this.flush(), flushMilliseconds).unref();
    const sweep = setInterval(() => void this.sweep(), sweepMilliseconds).unref();
    this.#timers = [flush, sweep];
  }

  /** Loads every session of an earlier run that has not ended; damaged rows are left out and said so. */
  static async open(db: StateDb, clock: Clock, log: OperationsLog, options: SessionStoreOptions): Promise<SqliteSessionStore> {
    const store = new SqliteSessionStore(db, clock, log, options);
    await store.#lookup.reload();
    return store;
  }

  find(key: string): Soon<Lookup<Session>> {
    return this.#isAlone ? lookup(this.#memory.get(key)) : this.#lookup.find(key);
  }

  /** The live session with this reference, whatever key it goes by now. */
  byReference(reference: string): Session | null {
    return this.#memory.byReference(reference)?.session ?? null;
  }

  async create(session: Session): Promise<void> {
    const { size } = this.#memory;
    if (size >= (this.#options.maximumSessions ?? 100_000)) {
      throw new Fault('session-store-unavailable', { detail: `${size} sessions are open, which is the limit` });
    }
    if (!this.#shared.changes.current) throw unheard();
    await this.#rows.insert(session);
    this.#take(session, 'here');
    if (await this.#tell([session.key])) return;
    // The others would take its cookie for a stranger's.
    const live = this.#memory.byReference(session.reference);
    if (live !== undefined) this.#ending.undo(live);
    throw unheard();
  }

  async update(key: string, fields: SessionFields): Promise<boolean> {
    const live = this.#memory.get(key) ?? (await this.#unknown(key));
    const row = live?.session.key === key ? await this.#write(live, fields) : null;
    if (live === null || row === null) return false;
    if (fields.lockedAt === null) live.lockDue = false;
    // Said here and not only seen: an earlier time counts too, as after a clock was set back.
    if (fields.lastActiveAt !== undefined) live.session = { ...live.session, lastActiveAt: row.lastActiveAt };
    this.#take(row, 'here');
    await this.#tell([row.key]);
    return true;
  }

  async rename(key: string, nextKey: string, fields: SessionFields): Promise<boolean> {
    if (!this.#shared.changes.current) throw unheard();
    const live = this.#memory.get(key) ?? (await this.#unknown(key));
    if (live?.session.key !== key) return false;
    const done = await this.#ending.renaming(live, nextKey, async () => this.#rename(live, nextKey, fields));
    return done === true && this.#memory.has(live);
  }

  touch(key: string, lastActiveAt: number, kind: 'script' | 'navigation'): void {
    const live = this.#memory.get(key);
    if (live !== undefined) this.#touches.touch(live, lastActiveAt, kind);
  }

  async lock(key: string, since: number, why: LockReason = 'idle'): Promise<boolean> {
    const live = this.#memory.known(key) ?? (await this.#unknown(key));
    return live === null || live.session.lockedAt !== null ? false : this.#locks.lock(live, since, why);
  }

  async end(key: string, reason: EndReason): Promise<boolean> {
    const live = this.#memory.known(key) ?? (await this.#unknown(key));
    return live !== null && this.#ending.end(live, reason);
  }

  async ofSubject(issuer: string, sub: string): Promise<readonly Session[]> {
    if (!this.#isAlone) await this.#lookup.catchUp();
    return this.#memory.ofSubject(issuer, sub);
  }

  knownOf(issuer: string, sub: string): readonly Session[] {
    return this.#memory.ofSubject(issuer, sub);
  }

  // A look at every session: a provider's logout is rare, and an index would have to follow every renewal.
  async ofProviderSession(issuer: string, providerSession: string): Promise<readonly Session[]> {
    if (!this.#isAlone) await this.#lookup.catchUp();
    return this.all().filter((one) => one.providerSession === providerSession && one.subject.issuer === issuer);
  }

  onDevice(id: string): readonly Session[] {
    return this.all().filter(({ device }) => device?.id === id);
  }

  onEnd(callback: (session: Session, reason: EndReason, where: Where) => void): void {
    this.#listeners.onEnd(callback);
  }

  onLock(callback: (session: Session, why: LockReason, where: Where) => void): void {
    this.#listeners.onLock(callback);
  }

  locked(): readonly Session[] {
    return this.all().filter(({ lockedAt }) => lockedAt !== null);
  }

  onRename(callback: (from: string, to: string, where: Where, session: Renamed) => void): void {
    this.#listeners.onRename(callback);
  }

  onEhrSessions(callback: (session: Session) => void): void {
    if (!this.#isAlone) this.#listeners.onEhrSessions(callback);
  }

  /** Live sessions, for a listing and for metrics. */
  get size(): number {
    return this.#memory.size;
  }

  /** Every live one. */
  all(): readonly Session[] {
    return this.#memory.all();
  }

  get unconfirmedEnds(): UnconfirmedEnds | null {
    return this.#isAlone ? null : this.#ends.unconfirmed;
  }

  /** Sentences without their full stop. */
  notices(): readonly string[] {
    return this.#isAlone ? [] : this.#ends.notices(this.#clock.now());
  }

  /** Writes and tells the touches, and tries again what did not work before. */
  async flush(): Promise<void> {
    await Promise.all([this.#touches.flush(), this.#ends.retry(), this.#locks.retry(), this.#changed.retry()]);
  }

  /** Locks and ends the sessions that nobody came back to, and forgets ends that no file can contradict any more. */
  async sweep(): Promise<void> {
    const now = this.#clock.now();
    try {
      if (!this.#isAlone) await this.#following.lookAtEnds(this.#lookedAtEnds - lateness.clocksDifferMilliseconds);
      this.#lookedAtEnds = now;
      if (!this.#shared.leadership.leads || !this.#shared.changes.current) return;
      const late = this.#isAlone ? noLateness : lateness;
      for (const live of this.#memory.every()) await sweepSession(this, live, now, late, this.#options.judge);
      await this.#rows.forgetEnded(now - rememberEndedMilliseconds);
    } catch (cause) {
      this.#log.warn({ cause }, 'Sessions past their limits could not be swept');
    }
  }

  /** Writes what is outstanding. The database is closed by whoever opened it. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#following.close();
    await this.#touches.flush(true);
    await this.flush();
  }

  /** One that may have begun elsewhere a moment ago. Null where there is none. */
  async #unknown(key: string): Promise<Live | null> {
    if (this.#isAlone) return null;
    if (!(await this.#following.read([key], readMilliseconds))) throw unheard();
    return this.#memory.known(key) ?? null;
  }

  /** Under the key that it has by then. Null where it has ended. */
  async #write(live: Live, fields: SessionFields): Promise<Session | null> {
    for (let tries = 0; tries < 3; tries += 1) {
      const { key } = live.session;
      const row = await this.#rows.change(key, fields);
      if (row !== null) return row;
      // A rename that is on its way may be in the row already, though it has not said so.
      await this.#ending.renamed(live);
      if (!this.#isAlone) await this.#following.read([key], readMilliseconds);
      if (!this.#memory.has(live) || live.session.key === key) return null;
    }
    return null;
  }

  async #rename(live: Live, nextKey: string, fields: SessionFields): Promise<boolean> {
    const before = live.session;
    // These fields alone, never what the caller read before: tokens may have been renewed in between.
    const row = await this.#rows.change(before.key, fields, nextKey);
    if (row === null) {
      if (!this.#isAlone) this.#following.mark([before.key]);
      return false;
    }
    if (fields.lockedAt === null) live.lockDue = false;
    if (!this.#take(row, 'here')) return false;
    if (await this.#tell([before.key, nextKey])) return true;
    await this.#renameBack(before, nextKey, fields);
    throw unheard();
  }

  /** The others did not hear of the new key: the person keeps the one that all know. */
  async #renameBack(before: Session, nextKey: string, fields: SessionFields): Promise<void> {
    const old = Object.fromEntries(Object.keys(fields).map((name) => [name, before[name as keyof SessionFields] ?? null]));
    try {
      const row = await this.#rows.change(nextKey, old, before.key);
      if (row !== null) this.#take(row, 'here');
    } catch (cause) {
      this.#log.warn({ cause }, 'A session that the other gateways do not know by its new key could not get the old one back');
    }
    await this.#tell([before.key, nextKey]);
  }

  async #tell(keys: readonly string[]): Promise<boolean> {
    return this.#isAlone || this.#changed.tell(keys);
  }

  #take(row: Session, where: Where): boolean {
    return takeSession({ memory: this.#memory, ends: this.#ends, listeners: this.#listeners }, row, where);
  }
}
