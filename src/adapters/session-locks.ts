// Locks sessions: in memory at once, and in the row where nobody else has locked it and nobody was seen elsewhere meanwhile.
// A lock that could not be written holds here, and is tried again.

import type { LockReason, Session } from '../core/session/session.ts';
import type { OperationsLog } from '../ports.ts';
import type { SessionListeners } from './session-listeners.ts';
import type { Live, SessionMemory } from './session-memory.ts';
import type { SessionRows } from './session-rows.ts';

/** Key changes of one session that may overlap with one lock. */
const maximumMoves = 3;

export interface SessionLocksNeeds {
  readonly rows: SessionRows;
  readonly memory: SessionMemory;
  readonly listeners: SessionListeners;
  readonly isAlone: boolean;
  readonly log: OperationsLog;
  /** The row that came of it. */
  readonly take: (session: Session) => void;
  /** Reads the rows of these keys anew; false where that takes too long. */
  readonly read: (keys: readonly string[]) => Promise<boolean>;
  readonly tell: (key: string) => Promise<unknown>;
}

export class SessionLocks {
  readonly #needs: SessionLocksNeeds;
  readonly #due = new Map<Live, LockReason>();
  #retrying: Promise<void> | null = null;

  constructor(needs: SessionLocksNeeds) {
    this.#needs = needs;
  }

  /** `live` is not locked. False where it has ended, or its person was seen at another gateway. */
  async lock(live: Live, since: number, why: LockReason): Promise<boolean> {
    live.session = { ...live.session, lockedAt: since };
    live.lockDue = true;
    const { isAlone, listeners } = this.#needs;
    // Among several only the one that the row takes it from tells it.
    if (isAlone) listeners.locked(live.session, why, 'here');
    try {
      return await this.#write(live, since, why);
    } catch (cause) {
      this.#due.set(live, why);
      throw cause;
    }
  }

  async retry(): Promise<void> {
    if (this.#due.size === 0) return;
    this.#retrying ??= this.#lockAgain().finally(() => {
      this.#retrying = null;
    });
    return this.#retrying;
  }

  async #lockAgain(): Promise<void> {
    for (const [live, why] of this.#due) {
      this.#due.delete(live);
      const { lockedAt } = live.session;
      if (!live.lockDue || lockedAt === null || !this.#needs.memory.has(live)) continue;
      try {
        await this.#write(live, lockedAt, why);
      } catch (cause) {
        this.#due.set(live, why);
        this.#needs.log.warn({ cause }, 'The lock of a session could not be written; it holds, and is tried again');
        return;
      }
    }
  }

  async #write(live: Live, since: number, why: LockReason): Promise<boolean> {
    const { rows, memory, listeners, isAlone, take, tell } = this.#needs;
    for (let moves = 0; moves <= maximumMoves; moves += 1) {
      const { key } = live.session;
      const row = await rows.lock(live.session, since, !isAlone && why === 'idle');
      if (row !== null) {
        live.lockDue = false;
        take(row);
        if (!isAlone) listeners.locked(row, why, 'here');
        await tell(row.key);
        return true;
      }
      const isOver = isAlone ? live.session.key === key : await this.#isDecided(live, key);
      if (isOver) return memory.has(live) && live.session.lockedAt !== null;
      live.session = { ...live.session, lockedAt: since };
      live.lockDue = true;
    }
    return false;
  }

  /** The row did not take it: what it says counts. False where the session only goes by another key. */
  async #isDecided(live: Live, key: string): Promise<boolean> {
    live.lockDue = false;
    const isRead = await this.#needs.read([key]);
    return !isRead || !this.#needs.memory.has(live) || live.session.lockedAt !== null || live.session.key === key;
  }
}
