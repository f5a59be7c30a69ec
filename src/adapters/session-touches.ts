// When people were seen last. In memory at once, told to the other gateways each second, and in the rows once they moved by a
// step. A touch never unlocks, and one that was heard is never later than now.

import { countActivity } from '../core/session/activity.ts';
import type { Activity } from '../core/session/activity.ts';
import type { Clock, OperationsLog } from '../ports.ts';
import type { SharedChanges } from '../shared-ports.ts';
import type { Live, SessionMemory } from './session-memory.ts';
import type { SessionRows } from './session-rows.ts';

/** Told in one go. */
const atOnce = 500;

export interface SessionTouchesNeeds {
  readonly rows: SessionRows;
  readonly memory: SessionMemory;
  /** Null: there are no others. */
  readonly changes: SharedChanges | null;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: OperationsLog;
  readonly stepMilliseconds: number;
  /** No row took the touch of this key: it was written elsewhere meanwhile. */
  readonly missed: (keys: readonly string[]) => void;
}

export class SessionTouches {
  readonly #needs: SessionTouchesNeeds;
  readonly #moved = new Set<Live>();
  readonly #untold = new Set<Live>();

  constructor(needs: SessionTouchesNeeds) {
    this.#needs = needs;
    needs.changes?.follow('sessions-seen', (entries) => {
      for (const entry of entries) this.#heard(entry);
    });
  }

  touch(live: Live, lastActiveAt: number, kind: 'script' | 'navigation'): void {
    const { session } = live;
    if (session.lockedAt !== null || lastActiveAt <= session.lastActiveAt) return;
    live.session = { ...session, lastActiveAt, activity: countActivity(session.activity, kind) };
    if (lastActiveAt - live.written > this.#needs.stepMilliseconds) this.#moved.add(live);
    if (this.#needs.changes !== null) this.#untold.add(live);
  }

  /** `all`: those that moved by less than a step too. */
  async flush(all = false): Promise<void> {
    if (all) for (const live of this.#needs.memory.every()) if (live.session.lastActiveAt > live.written) this.#moved.add(live);
    await this.#tell();
    await this.#write();
  }

  async #tell(): Promise<void> {
    const { changes, memory } = this.#needs;
    // While nobody can hear, the last touch of each is enough for later.
    if (changes?.current !== true) return;
    while (this.#untold.size > 0) {
      const some = [...this.#untold].slice(0, atOnce);
      for (const live of some) this.#untold.delete(live);
      const isTold = await changes.tell('sessions-seen', some.filter((live) => memory.has(live)).map(seenEntry));
      if (isTold) continue;
      for (const live of some) this.#untold.add(live);
      return;
    }
  }

  async #write(): Promise<void> {
    const { rows, memory, missed, log } = this.#needs;
    const due = [...this.#moved].filter((live) => memory.has(live)).map(({ session }) => session);
    for (const live of this.#moved) live.written = live.session.lastActiveAt;
    this.#moved.clear();
    if (due.length === 0) return;
    try {
      const taken = await rows.touch(due);
      missed(due.filter((_, at) => taken[at] === false).map(({ key }) => key));
    } catch (cause) {
      // Memory still knows; the next touch beyond the step is written again.
      log.warn({ touches: due.length, cause }, 'Touches of sessions could not be written');
    }
  }

  #heard(entry: string): void {
    const seen = readSeenEntry(entry);
    const live = seen === null ? undefined : this.#needs.memory.byReference(seen.reference);
    if (seen === null || live === undefined) return;
    const { session } = live;
    const lastActiveAt = Math.min(seen.lastActiveAt, this.#needs.clock.now());
    if (session.lockedAt !== null || lastActiveAt <= session.lastActiveAt) return;
    const { pings, navigations } = session.activity;
    const activity = {
      last: seen.activity.last,
      pings: Math.max(pings, seen.activity.pings),
      navigations: Math.max(navigations, seen.activity.navigations),
    };
    live.session = { ...session, lastActiveAt, activity };
  }
}

function seenEntry({ session: { reference, lastActiveAt, activity } }: Live): string {
  return [reference, lastActiveAt, activity.last, activity.pings, activity.navigations].join(' ');
}

const pattern = /^(\S{1,200}) (\d{1,15}) (script|navigation|sign-in|unlock) (\d{1,9}) (\d{1,9})$/;

/** Null for one of another form, which a newer version may tell. */
function readSeenEntry(
  entry: string,
): { readonly reference: string; readonly lastActiveAt: number; readonly activity: Activity } | null {
  const [, reference, at, last, pings, navigations] = pattern.exec(entry) ?? [];
  if (reference === undefined) return null;
  const activity = { last: last as Activity['last'], pings: Number(pings), navigations: Number(navigations) };
  return { reference, lastActiveAt: Number(at), activity };
}
