// Ends sessions: gone from memory at once, then from the rows, then told to the other gateways until all of it is certain.

import type { EndReason, Session } from '../core/session/session.ts';
import type { Clock } from '../ports.ts';
import type { SessionEnds } from './session-ends.ts';
import type { SessionListeners } from './session-listeners.ts';
import type { Live, SessionMemory } from './session-memory.ts';
import type { EndedRow, SessionRows } from './session-rows.ts';
import { within } from './within.ts';

/** Whoever ends a session waits no longer until the others have heard of it. */
const confirmMilliseconds = 1000;

export interface SessionEndingNeeds {
  readonly rows: SessionRows;
  readonly memory: SessionMemory;
  readonly ends: SessionEnds;
  readonly listeners: SessionListeners;
  readonly clock: Pick<Clock, 'now'>;
  readonly isAlone: boolean;
}

export class SessionEnding {
  readonly #needs: SessionEndingNeeds;
  /** The key that a session is about to get, so that both are on the list when it ends meanwhile; and when that is over. */
  readonly #renaming = new Map<Live, { readonly nextKey: string; readonly over: Promise<unknown> }>();
  /** Ends that the row decides, while they are on their way. */
  readonly #deciding = new Map<Live, Promise<boolean>>();

  constructor(needs: SessionEndingNeeds) {
    this.#needs = needs;
  }

  /** Runs the rename of a session; null where one is on its way already. */
  async renaming<T>(live: Live, nextKey: string, rename: () => Promise<T>): Promise<T | null> {
    if (this.#renaming.has(live)) return null;
    const running = rename();
    this.#renaming.set(live, { nextKey, over: running.catch(() => undefined) });
    try {
      return await running;
    } finally {
      this.#renaming.delete(live);
    }
  }

  /** Resolves once no rename of it is on its way. */
  async renamed(live: Live): Promise<void> {
    await this.#renaming.get(live)?.over;
  }

  async end(live: Live, reason: EndReason): Promise<boolean> {
    // Every gateway sees that nobody came back: the row tells which of them was first, so that it is on record once.
    if (this.#needs.isAlone || (reason !== 'idle' && reason !== 'absolute')) return this.#endHere(live, reason, false);
    const running = this.#deciding.get(live);
    if (running !== undefined) return running.then(() => false);
    const deciding = this.#endFirst(live, reason).finally(() => this.#deciding.delete(live));
    this.#deciding.set(live, deciding);
    return deciding;
  }

  /** It ended elsewhere: `isTold`, or its row is gone, which an end of ours that is on its way may have done. */
  gone(live: Live, reason: EndReason, isTold: boolean): void {
    const { memory, ends, listeners } = this.#needs;
    if (!memory.has(live) || (!isTold && this.#deciding.has(live))) return;
    memory.remove(live);
    ends.heard(live.session.reference, reason);
    listeners.ended(live.session, reason, 'elsewhere');
  }

  /** A session that never came to be. */
  undo(live: Live): void {
    const { memory, ends } = this.#needs;
    memory.remove(live);
    void ends.confirm(ends.begin(this.#rowOf(live, 'revoked')));
  }

  async #endFirst(live: Live, reason: EndReason): Promise<boolean> {
    const { rows, memory } = this.#needs;
    // Where the rows do not answer, it is over all the same.
    const isFirst = await rows.end(this.#rowOf(live, reason)).catch(() => null);
    if (!memory.has(live)) return false;
    if (isFirst !== false) return this.#endHere(live, reason, isFirst === true);
    this.gone(live, reason, true);
    return false;
  }

  async #endHere(live: Live, reason: EndReason, isWritten: boolean): Promise<true> {
    const { memory, ends, listeners, isAlone } = this.#needs;
    const { session } = live;
    const row = this.#rowOf(live, reason);
    memory.remove(live);
    const end = ends.begin(row, isWritten);
    listeners.ended(session, reason, 'here');
    const confirmed = ends.confirm(end);
    await (isAlone ? confirmed : within(confirmMilliseconds, confirmed));
    return true;
  }

  #rowOf(live: Live, reason: EndReason): EndedRow {
    const { key, reference }: Session = live.session;
    const next = this.#renaming.get(live)?.nextKey;
    return { reference, keys: next === undefined ? [key] : [key, next], reason, at: this.#needs.clock.now() };
  }
}
