// Posts that met an ended or locked session, sealed on disk for half an hour, and the ends of sessions by which their people
// are known. Every change is synced before it counts, so that a crash never sends one twice. Keeps no body in memory.

import { z } from 'zod';
import { carriedPatient } from '../core/held/carried-patient.ts';
import { heldMilliseconds, isWithinHold } from '../core/held/held-lifetime.ts';
import type { HeldContent, HeldOwner, HeldPosts, HeldSummary, LateOwner } from '../held-ports.ts';
import type { Clock, OperationsLog, Sealer, SessionStore } from '../ports.ts';
import { heldOwner, heldPurpose } from './sealed-owners.ts';
import type { StateDb, Statement, StatementResult } from './state-db.ts';

const sweepMilliseconds = 30_000;

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
}

const row = z.object({
  id: z.string(),
  issuer: z.string(),
  sub: z.string(),
  application: z.string(),
  held_at: z.number(),
  bytes: z.number(),
  taken_at: z.number().nullable(),
  status: z.number().nullable(),
  draft: z.number(),
});
const tombstone = z.object({ key: z.string(), issuer: z.string(), sub: z.string(), ended_at: z.number() });
const content = z.object({
  target: z.string(),
  origin: z.string(),
  contentType: z.string().nullable(),
  carried: z.string().nullish(),
  body: z.base64().transform((text) => Buffer.from(text, 'base64')),
  confirming: z.string().exactOptional(),
});

export class SqliteHeldPosts implements HeldPosts {
  readonly #options: HeldPostsOptions;
  readonly #held = new Map<string, HeldSummary>();
  readonly #ends = new Map<string, LateOwner & { readonly at: number }>();
  /** Room set aside for posts on their way. */
  readonly #reserved = new Set<HeldOwner & { readonly bytes: number; readonly draft: boolean }>();
  readonly #timer: NodeJS.Timeout;

  private constructor(options: HeldPostsOptions) {
    this.#options = options;
    options.sessions.onEnd(({ key, subject, ehrSessions }) => this.#bury(key, subject, carriedPatient(ehrSessions)));
    this.#timer = setInterval(() => void this.sweep(), sweepMilliseconds).unref();
  }

  /** Rejects with Fault `session-store-unavailable`. */
  static async open(options: HeldPostsOptions): Promise<SqliteHeldPosts> {
    const held = new SqliteHeldPosts(options);
    const [posts, ends] = await options.db.run('identity', [
      {
        sql: 'SELECT id, issuer, sub, application, held_at, bytes, taken_at, status, draft FROM held_posts ORDER BY held_at',
        params: [],
      },
      { sql: 'SELECT key, issuer, sub, ended_at FROM session_tombstones', params: [] },
    ]);
    for (const one of posts?.rows ?? []) {
      const { held_at: heldAt, taken_at: takenAt, draft, ...rest } = row.parse(one);
      const isDraft = draft === 1;
      held.#held.set(rest.id, { ...rest, heldAt, takenAt, draft: isDraft, until: heldAt + held.#lifetime(isDraft) });
    }
    for (const one of ends?.rows ?? []) {
      const { key, ended_at: at, ...who } = tombstone.parse(one);
      held.#ends.set(key, { ...who, at, carried: undefined });
    }
    return held;
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
    const sql =
      'INSERT INTO held_posts (id, issuer, sub, application, held_at, bytes, sealed, draft) VALUES (?, ?, ?, ?, ?, ?, ?, ?)';
    await this.#run({ sql, params: [id, issuer, sub, application, heldAt, body.length, sealed, isDraft ? 1 : 0] });
    const until = heldAt + this.#lifetime(isDraft);
    const summary = { id, issuer, sub, application, heldAt, until, bytes: body.length, takenAt: null, status: null };
    this.#held.set(id, { ...summary, draft: isDraft });
  }

  of(who: HeldOwner, application: string): readonly HeldSummary[] {
    return this.#current().filter((one) => isOf(one, who) && one.application === application);
  }

  async open(who: HeldOwner, application: string, id: string): Promise<HeldContent | null> {
    if (!this.of(who, application).some((one) => one.id === id)) return null;
    const found = await this.#run({ sql: 'SELECT sealed FROM held_posts WHERE id = ?', params: [id] });
    const [stored] = found?.rows ?? [];
    if (stored === undefined) return null;
    try {
      return content.parse(
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
    const theirs = [...this.#held.values()].filter((one) => isOf(one, who));
    for (const { id } of theirs) this.#held.delete(id);
    // The tombstone goes too: what still comes with an old cookie is a stranger's.
    for (const [key, end] of this.#ends) if (isOf(end, who)) this.#ends.delete(key);
    await this.#options.db.run('identity', [
      { sql: 'DELETE FROM held_posts WHERE issuer = ? AND sub = ?', params: [who.issuer, who.sub] },
      { sql: 'DELETE FROM session_tombstones WHERE issuer = ? AND sub = ?', params: [who.issuer, who.sub] },
    ]);
    return theirs.length;
  }

  /** Removes what has outlived its time; what cannot be removed is out of reach all the same, and tried again. */
  async sweep(): Promise<void> {
    const now = this.#options.clock.now();
    const old = [...this.#held.values()].filter((post) => !this.#isKept(post, now));
    const ends = [...this.#ends].filter(([, { at }]) => !isWithinHold(at, now));
    if (old.length + ends.length === 0) return;
    try {
      await this.#options.db.run('identity', [
        ...old.map(({ id }) => ({ sql: 'DELETE FROM held_posts WHERE id = ?', params: [id] })),
        ...ends.map(([key]) => ({ sql: 'DELETE FROM session_tombstones WHERE key = ?', params: [key] })),
      ]);
    } catch (cause) {
      this.#options.log.warn({ cause }, 'Held posts past their time could not be removed; they are tried again');
      return;
    }
    for (const [key] of ends) this.#ends.delete(key);
    for (const post of old) if (this.#held.delete(post.id) && post.takenAt === null) this.#options.onExpired(post);
  }

  close(): Promise<void> {
    clearInterval(this.#timer);
    return Promise.resolve();
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
  #bury(key: string, { issuer, sub }: HeldOwner, carried: LateOwner['carried']): void {
    const at = this.#options.clock.now();
    this.#ends.set(key, { issuer, sub, at, carried });
    const sql = `INSERT INTO session_tombstones (key, issuer, sub, ended_at) VALUES (?, ?, ?, ?)
      ON CONFLICT (key) DO UPDATE SET issuer = excluded.issuer, sub = excluded.sub, ended_at = excluded.ended_at`;
    // Lost by a crash alone: then a post that comes with the old cookie is a stranger's.
    this.#run({ sql, params: [key, issuer, sub, at] }).catch((cause: unknown) =>
      this.#options.log.warn({ cause }, 'Whose session has ended could not be written; its last posts are held until a restart'),
    );
  }

  async #run(statement: Statement): Promise<StatementResult | undefined> {
    return (await this.#options.db.run('identity', [statement]))[0];
  }
}

function isOf(one: HeldOwner, who: HeldOwner): boolean {
  return one.issuer === who.issuer && one.sub === who.sub;
}
