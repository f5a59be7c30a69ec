// What other gateways did to sessions: marks at once what they tell of, reads its rows soon after, and hands them to the store.
// While a key is marked, nobody is told what memory says of it.

import type { EndReason, Session } from '../core/session/session.ts';
import type { Clock, OperationsLog } from '../ports.ts';
import type { SharedChanges } from '../shared-ports.ts';
import { endReasonOf, readEndedEntry } from './session-ends.ts';
import type { SessionEnds } from './session-ends.ts';
import type { Live, SessionMemory } from './session-memory.ts';
import { readSessionRow } from './session-row.ts';
import type { SessionRows } from './session-rows.ts';
import type { Row } from './state-db.ts';

/** Keys that are read in one go. */
const atOnce = 500;
const againMilliseconds = 200;

export interface SessionFollowingNeeds {
  readonly rows: SessionRows;
  readonly memory: SessionMemory;
  readonly ends: SessionEnds;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: OperationsLog;
  /** Whoever is alone takes damaged rows away; several leave them to the newer version that may have written them. */
  readonly isAlone: boolean;
  /** A row as it stands: memory takes it over. */
  readonly take: (session: Session) => void;
  /** It ended elsewhere; `isTold`, or it was found to. */
  readonly gone: (live: Live, reason: EndReason, isTold: boolean) => void;
}

interface Waiting {
  readonly keys: readonly string[];
  readonly wake: () => void;
}

export class SessionFollowing {
  readonly #needs: SessionFollowingNeeds;
  /** Key → how often it was marked: one that is marked while it is read is read once more. */
  readonly #marks = new Map<string, number>();
  readonly #waiting = new Set<Waiting>();
  #marked = 0;
  #reloads = 0;
  #isReading = false;
  #isFailing = false;
  #again: NodeJS.Timeout | null = null;

  constructor(needs: SessionFollowingNeeds) {
    this.#needs = needs;
  }

  /** `reload` is what is done once something may have been missed. */
  follow(changes: SharedChanges, reload: () => Promise<void>): void {
    changes.follow('sessions', (keys) => this.mark(keys));
    changes.follow('sessions-ended', (entries) => {
      for (const entry of entries) this.#heardEnd(entry);
    });
    changes.onMissed(reload);
  }

  isMarked(key: string): boolean {
    return this.#marks.has(key);
  }

  mark(keys: readonly string[]): void {
    this.#marked += 1;
    for (const key of keys) this.#marks.set(key, this.#marked);
    void this.#readMarked();
  }

  /** Reads them anew. False where that takes too long. */
  async read(keys: readonly string[], milliseconds: number): Promise<boolean> {
    this.mark(keys);
    return this.settled(milliseconds, keys);
  }

  /** Once none of them is marked any more; all that are marked now, where none are named. False where that takes too long. */
  async settled(milliseconds: number, keys: readonly string[] = [...this.#marks.keys()]): Promise<boolean> {
    if (!this.#isAnyMarked(keys)) return true;
    return new Promise((resolve) => {
      const settle = (isRead: boolean): void => {
        clearTimeout(timer);
        this.#waiting.delete(waiting);
        resolve(isRead);
      };
      const waiting = { keys, wake: () => settle(true) };
      const timer = setTimeout(() => settle(false), milliseconds);
      this.#waiting.add(waiting);
    });
  }

  /** Reads every row: what memory has and no row is gone, and what this gateway knows better stays. */
  async reload(): Promise<void> {
    const { rows, memory, isAlone } = this.#needs;
    this.#reloads += 1;
    const since = memory.taken;
    const ended = await rows.endedSince(0);
    this.#endAll(ended);
    const there = new Set<string>();
    const left: string[] = [];
    for await (const page of rows.all()) {
      for (const row of page) {
        const key = String(row['key']);
        there.add(String(row['reference']));
        if (ended.has(key) || (!this.#take(row) && isAlone)) left.push(key);
      }
    }
    await rows.remove(left);
    const missing = memory.every().filter((live) => !there.has(live.session.reference) && live.taken <= since);
    await this.#lookFor(missing, since, ended);
  }

  /** Those whose end nobody told, because their gateway broke off behind the rows. `since`: epoch milliseconds. */
  async lookAtEnds(since: number): Promise<void> {
    this.#endAll(await this.#needs.rows.endedSince(since));
  }

  close(): void {
    if (this.#again !== null) clearTimeout(this.#again);
    this.#again = null;
  }

  #endAll(ended: ReadonlyMap<string, string>): void {
    const { memory, gone } = this.#needs;
    for (const [key, reason] of ended) {
      const live = memory.get(key);
      if (live !== undefined) gone(live, endReasonOf(reason), false);
    }
  }

  #heardEnd(entry: string): void {
    const read = readEndedEntry(entry);
    if (read === null) return;
    const { memory, ends, gone } = this.#needs;
    const live = memory.byReference(read.reference);
    if (live === undefined) ends.heard(read.reference, read.reason);
    else gone(live, read.reason, true);
  }

  async #readMarked(): Promise<void> {
    if (this.#isReading || this.#again !== null) return;
    this.#isReading = true;
    try {
      while (this.#marks.size > 0) await this.#readSome();
      this.#isFailing = false;
    } catch (cause) {
      if (!this.#isFailing) this.#needs.log.warn({ cause }, 'Sessions that changed at another gateway could not be read');
      this.#isFailing = true;
      this.#again = setTimeout(() => {
        this.#again = null;
        void this.#readMarked();
      }, againMilliseconds).unref();
    } finally {
      this.#isReading = false;
    }
  }

  async #readSome(): Promise<void> {
    const { rows, memory } = this.#needs;
    const marks = [...this.#marks].slice(0, atOnce);
    const keys = marks.map(([key]) => key);
    const since = memory.taken;
    const reloads = this.#reloads;
    const { rows: found, ended } = await rows.read(keys);
    // What was read before everything is read anew may be a session whose end was missed: once more.
    if (reloads !== this.#reloads) return;
    this.#endAll(ended);
    const there = new Set<string>();
    for (const row of found) {
      there.add(String(row['key']));
      if (!ended.has(String(row['key']))) this.#take(row);
    }
    const missing = keys.flatMap((key) => (there.has(key) ? [] : (memory.get(key) ?? [])));
    await this.#lookFor(missing, since, ended);
    if (reloads !== this.#reloads) return;
    for (const [key, mark] of marks) if (this.#marks.get(key) === mark) this.#marks.delete(key);
    for (const waiting of this.#waiting) if (!this.#isAnyMarked(waiting.keys)) waiting.wake();
  }

  /** No row had their key: they go by another one now, or have ended. */
  async #lookFor(missing: readonly Live[], since: number, ended: ReadonlyMap<string, string>): Promise<void> {
    if (missing.length === 0) return;
    const { rows, memory, gone } = this.#needs;
    const keys = new Map(missing.map((live) => [live, live.session.key]));
    const there = new Set<string>();
    const reloads = this.#reloads;
    const moved = await rows.ofReferences(missing.map(({ session }) => session.reference));
    if (reloads !== this.#reloads) return;
    for (const row of moved) {
      there.add(String(row['reference']));
      this.#take(row);
    }
    for (const [live, key] of keys) {
      // One that was written here in the meantime is there.
      const isOld = memory.has(live) && live.taken <= since && live.session.key === key;
      if (isOld && !there.has(live.session.reference)) gone(live, endReasonOf(ended.get(key)), false);
    }
  }

  /** False for a damaged one. */
  #take(row: Row): boolean {
    const { memory, ends, clock, take, log, gone } = this.#needs;
    const [key, reference] = [String(row['key']), String(row['reference'])];
    if (ends.has(reference)) {
      ends.finish(reference, key, clock.now());
      return true;
    }
    if (isKnown(row, memory.get(key))) return true;
    const read = readSessionRow(row);
    if ('session' in read) {
      take(read.session);
      return true;
    }
    log.error({ why: read.damaged }, 'A damaged session row was left out');
    const live = memory.byReference(reference);
    if (live !== undefined) gone(live, 'revoked', false);
    return false;
  }

  #isAnyMarked(keys: readonly string[]): boolean {
    return keys.some((key) => this.#marks.has(key));
  }
}

/** So that reading everything anew costs little where little has changed. */
function isKnown(row: Row, live: Live | undefined): boolean {
  if (live === undefined) return false;
  const { version, lastActiveAt, lockedAt } = live.session;
  return version === row['version'] && lastActiveAt === row['last_active_at'] && lockedAt === row['locked_at'];
}
