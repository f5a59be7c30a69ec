// Posts that met an ended or locked session, sealed on disk for half an hour, and the ends of sessions by which their people
// are known. Every change is synced before it counts, so that a crash never sends one twice. Keeps no body in memory.

import { carriedPatient } from '../core/held/carried-patient.ts';
import { Fault } from '../core/faults.ts';
import { heldMilliseconds, isWithinHold } from '../core/held/held-lifetime.ts';
import type { HeldContent, HeldOwner, HeldPosts, HeldSummary, LateOwner } from '../held-ports.ts';
import type { Clock, OperationsLog, Sealer, SessionStore } from '../ports.ts';
import { heldContent, heldRow, tombstoneRow } from './held-post-rows.ts';
import { heldOwner, heldPurpose } from './sealed-owners.ts';
import type { Row, StateDb, Statement, StatementResult } from './state-db.ts';

const sweepMilliseconds = 30_000;
const clocksDifferMilliseconds = 300_000;

export interface HeldPostsLimits {
  readonly heldPostsPerPerson: number;
  readonly heldPostBytesInAll: number;
}

export interface HeldPostsOptions {
  readonly db: StateDb;
  readonly sessions: Pick<SessionStore, 'onEnd'>;
  readonly sealer: Sealer;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: OperationsLog;
  readonly limits: HeldPostsLimits;
  /** How long drafts are kept; half an hour where nothing is said. */
  readonly draftSeconds?: number;
  /** A post nobody sent or discarded in its time. */
  readonly onExpired: (post: HeldSummary) => void;
  /** What it takes to have them in common with other gateways; see `held-posts-shared.ts`. Absent: this one is alone. */
  readonly isShared?: true;
}

const written = 'id, issuer, sub, application, held_at, bytes, sealed, draft';
const columns = 'id, issuer, sub, application, held_at, bytes, taken_at, status, draft';

export class SqliteHeldPosts implements HeldPosts {
  readonly #options: HeldPostsOptions;
  readonly #held = new Map<string, HeldSummary>();
  readonly #ends = new Map<string, LateOwner & { readonly at: number }>();
  /** Room set aside for posts on their way. */
  readonly #reserved = new Set<HeldOwner & { readonly bytes: number; readonly draft: boolean }>();
  /** Tombstones on their way to the rows. */
  #burying: Promise<unknown> = Promise.resolve();
  readonly #timer: NodeJS.Timeout;

  private constructor(options: HeldPostsOptions) {
    this.#options = options;
    options.sessions.onEnd(({ key, subject, ehrSessions }, _, where) =>
      this.#bury(key, subject, carriedPatient(ehrSessions), where === 'here'),
    );
    this.#timer = setInterval(() => void this.sweep(), sweepMilliseconds).unref();
  }

  /** Rejects with Fault `session-store-unavailable`. */
  static async open(options: HeldPostsOptions): Promise<SqliteHeldPosts> {
    const held = new SqliteHeldPosts(options);
    await held.reload();
    return held;
  }

  /** Everything anew. Rejects with Fault `session-store-unavailable`. */
  async reload(): Promise<void> {
    const [posts, ends] = await this.#options.db.run('identity', [
      { sql: `SELECT ${columns} FROM held_posts ORDER BY held_at`, params: [] },
      { sql: 'SELECT key, issuer, sub, ended_at FROM session_tombstones', params: [] },
    ]);
    this.#held.clear();
    for (const one of posts?.rows ?? []) this.#takeIn(one);
    const known = new Map(this.#ends);
    this.#ends.clear();
    for (const one of ends?.rows ?? []) {
      const { key, ended_at: at, ...who } = tombstoneRow.parse(one);
      this.#ends.set(key, { ...who, at, carried: known.get(key)?.carried });
    }
  }

  /** What others kept, sent or discarded. Rejects with Fault `session-store-unavailable`. */
  async reread(ids: readonly string[]): Promise<void> {
    const sql = `SELECT ${columns} FROM held_posts WHERE id IN (SELECT value FROM json_each(?)) ORDER BY held_at`;
    const found = await this.#run({ sql, params: [JSON.stringify(ids)] });
    for (const id of ids) this.#held.delete(id);
    for (const one of found?.rows ?? []) this.#takeIn(one);
  }

  endedLately(key: string): LateOwner | null {
    const end = this.#ends.get(key);
    if (end === undefined || !isWithinHold(end.at, this.#options.clock.now())) return null;
    return { issuer: end.issuer, sub: end.sub, carried: end.carried };
  }

  reserve({ issuer, sub }: HeldOwner, bytes: number, draft?: 'draft'): (() => void) | null {
    const isDraft = draft === 'draft';
    const { heldPostsPerPerson, heldPostBytesInAll } = this.#options.limits;
    const all = [...this.#current(), ...this.#reserved];
    const waiting = all.filter(
      (one) => isOf(one, { issuer, sub }) && one.draft === isDraft && !('takenAt' in one && one.takenAt !== null),
    );
    if (waiting.length >= heldPostsPerPerson) return null;
    if (all.reduce((sum, one) => sum + one.bytes, bytes) > heldPostBytesInAll) return null;
    const room = { issuer, sub, bytes, draft: isDraft };
    this.#reserved.add(room);
    return () => void this.#reserved.delete(room);
  }

  async hold(
    id: string,
    { issuer, sub }: HeldOwner,
    application: string,
    { body, ...rest }: HeldContent,
    draft?: 'draft',
  ): Promise<void> {
    const isDraft = draft === 'draft';
    const heldAt = this.#options.clock.now();
    const plain = JSON.stringify({ ...rest, body: body.toString('base64') });
    const sealed = this.#options.sealer.seal(heldPurpose, heldOwner({ issuer, sub }, application, id), plain);
    const params = [id, issuer, sub, application, heldAt, body.length, sealed, isDraft ? 1 : 0];
    if (this.#options.isShared) await this.#holdWithin(params);
    else await this.#run({ sql: `INSERT INTO held_posts (${written}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, params });
    const until = heldAt + this.#lifetime(isDraft);
    const summary = { id, issuer, sub, application, heldAt, until, bytes: body.length, takenAt: null, status: null };
    this.#held.set(id, { ...summary, draft: isDraft });
  }

  of(who: HeldOwner, application: string): readonly HeldSummary[] {
    const theirs = this.#current().filter((one) => isOf(one, who) && one.application === application);
    return theirs.toSorted((one, other) => one.heldAt - other.heldAt);
  }

  async open(who: HeldOwner, application: string, id: string): Promise<HeldContent | null> {
    if (!this.of(who, application).some((one) => one.id === id)) return null;
    const found = await this.#run({ sql: 'SELECT sealed FROM held_posts WHERE id = ?', params: [id] });
    const [stored] = found?.rows ?? [];
    if (stored === undefined) return null;
    try {
      return heldContent.parse(
        JSON.parse(this.#options.sealer.open(heldPurpose, heldOwner(who, application, id), String(stored['sealed']))),
      );
    } catch (cause) {
      this.#options.log.error({ cause }, 'A held post could not be opened');
      return null;
    }
  }

  async take(id: string): Promise<boolean> {
    const post = this.#current().find((one) => one.id === id);
    if (post === undefined || post.takenAt !== null || post.draft) return false;
    const takenAt = this.#options.clock.now();
    // In memory at once, so that a second request that comes meanwhile finds it taken.
    this.#held.set(id, { ...post, takenAt });
    const taken = await this.#run({
      sql: 'UPDATE held_posts SET taken_at = ? WHERE id = ? AND taken_at IS NULL',
      params: [takenAt, id],
    });
    return taken?.changes === 1;
  }

  async answered(id: string, status: number): Promise<void> {
    const post = this.#held.get(id);
    if (post === undefined) return;
    this.#held.set(id, { ...post, status });
    await this.#run({ sql: 'UPDATE held_posts SET status = ? WHERE id = ?', params: [status, id] });
  }

  async discard(who: HeldOwner, application: string, id: string): Promise<boolean> {
    if (!this.of(who, application).some((one) => one.id === id)) return false;
    this.#held.delete(id);
    const gone = await this.#run({ sql: 'DELETE FROM held_posts WHERE id = ?', params: [id] });
    return gone?.changes === 1;
  }

  async discardAll(who: HeldOwner): Promise<number> {
    for (const { id } of [...this.#held.values()].filter((one) => isOf(one, who))) this.#held.delete(id);
    // The tombstone goes too: what still comes with an old cookie is a stranger's.
    for (const [key, end] of this.#ends) if (isOf(end, who)) this.#ends.delete(key);
    await this.#burying;
    const [gone] = await this.#options.db.run('identity', [
      { sql: 'DELETE FROM held_posts WHERE issuer = ? AND sub = ?', params: [who.issuer, who.sub] },
      { sql: 'DELETE FROM session_tombstones WHERE issuer = ? AND sub = ?', params: [who.issuer, who.sub] },
    ]);
    return gone?.changes ?? 0;
  }

  /** Removes what has outlived its time; what cannot be removed is out of reach all the same, and tried again. */
  async sweep(): Promise<void> {
    if (this.#options.isShared) return;
    const now = this.#options.clock.now();
    const old = [...this.#held.values()].some((post) => !this.#isKept(post, now));
    const ends = [...this.#ends.values()].some(({ at }) => !isWithinHold(at, now));
    if (old || ends) await this.removeExpired();
  }

  /** In the rows, for all gateways: whoever removes one is the one to say so. */
  async removeExpired(): Promise<void> {
    const now = this.#options.clock.now();
    // What lies ahead is from before the clock was set back, unless it is another gateway's.
    const ahead = now + (this.#options.isShared ? clocksDifferMilliseconds : 0);
    const until = [now - this.#lifetime(false), now - this.#lifetime(true), ahead];
    try {
      const sql = `DELETE FROM held_posts
        WHERE held_at <= CASE draft WHEN 0 THEN CAST(? AS BIGINT) ELSE CAST(? AS BIGINT) END OR held_at > ?`;
      const [old] = await this.#options.db.run('identity', [
        { sql: `${sql} RETURNING ${columns}`, params: until },
        { sql: 'DELETE FROM session_tombstones WHERE ended_at <= ? OR ended_at > ?', params: [now - heldMilliseconds, ahead] },
      ]);
      this.forgetExpired();
      for (const one of old?.rows ?? []) {
        const post = this.#summary(one);
        if (post.takenAt === null) this.#options.onExpired(post);
      }
    } catch (cause) {
      this.#options.log.warn({ cause }, 'Held posts past their time could not be removed; they are tried again');
    }
  }

  /** In memory alone: another gateway removes the rows. */
  forgetExpired(): void {
    const now = this.#options.clock.now();
    for (const post of this.#held.values()) if (!this.#isKept(post, now)) this.#held.delete(post.id);
    for (const [key, { at }] of this.#ends) if (!isWithinHold(at, now)) this.#ends.delete(key);
  }

  close(): Promise<void> {
    clearInterval(this.#timer);
    return Promise.resolve();
  }

  /** Other gateways keep posts at the same time: the limits are held by the statement itself. */
  async #holdWithin(params: Statement['params']): Promise<void> {
    const { heldPostsPerPerson, heldPostBytesInAll } = this.#options.limits;
    const sql = `INSERT INTO held_posts (${written})
      SELECT ?1, ?2, ?3, ?4, CAST(?5 AS BIGINT), CAST(?6 AS BIGINT), ?7, CAST(?8 AS BIGINT)
      WHERE (SELECT count(*) FROM held_posts WHERE issuer = ?2 AND sub = ?3 AND draft = CAST(?8 AS BIGINT) AND taken_at IS NULL)
        < CAST(?9 AS BIGINT)
      AND (SELECT COALESCE(sum(bytes), 0) FROM held_posts) + CAST(?6 AS BIGINT) <= CAST(?10 AS BIGINT)`;
    const held = await this.#run({ sql, params: [...params, heldPostsPerPerson, heldPostBytesInAll] });
    if (held?.changes !== 1)
      throw new Fault('session-store-unavailable', { detail: 'As much as may be kept is waiting at other gateways' });
  }

  #takeIn(stored: Row): void {
    const post = this.#summary(stored);
    this.#held.set(post.id, post);
  }

  #summary(stored: Row): HeldSummary {
    const { held_at: heldAt, taken_at: takenAt, draft, ...rest } = heldRow.parse(stored);
    const isDraft = draft === 1;
    return { ...rest, heldAt, takenAt, draft: isDraft, until: heldAt + this.#lifetime(isDraft) };
  }

  #current(): readonly HeldSummary[] {
    const now = this.#options.clock.now();
    return [...this.#held.values()].filter((post) => this.#isKept(post, now));
  }

  #isKept({ heldAt, draft }: HeldSummary, now: number): boolean {
    return isWithinHold(heldAt, now, this.#lifetime(draft));
  }

  /** Milliseconds. */
  #lifetime(isDraft: boolean): number {
    const { draftSeconds } = this.#options;
    return isDraft && draftSeconds !== undefined ? draftSeconds * 1000 : heldMilliseconds;
  }

  /** Who was open at the EHR is known until a restart: it is nothing that a row should say. */
  #bury(key: string, { issuer, sub }: HeldOwner, carried: LateOwner['carried'], isHere: boolean): void {
    const at = this.#options.clock.now();
    this.#ends.set(key, { issuer, sub, at, carried });
    if (!isHere) return;
    const sql = `INSERT INTO session_tombstones (key, issuer, sub, ended_at) VALUES (?, ?, ?, ?)
      ON CONFLICT (key) DO UPDATE SET issuer = excluded.issuer, sub = excluded.sub, ended_at = excluded.ended_at`;
    // Lost by a crash alone: then a post that comes with the old cookie is a stranger's.
    const buried = this.#run({ sql, params: [key, issuer, sub, at] }).catch((cause: unknown) =>
      this.#options.log.warn({ cause }, 'Whose session has ended could not be written; its last posts are held until a restart'),
    );
    this.#burying = Promise.all([this.#burying, buried]);
  }

  async #run(statement: Statement): Promise<StatementResult | undefined> {
    return (await this.#options.db.run('identity', [statement]))[0];
  }
}

function isOf(one: HeldOwner, who: HeldOwner): boolean {
  return one.issuer === who.issuer && one.sub === who.sub;
}
