// Takes the row of a session over into memory, and tells what became of it.

import type { Session } from '../core/session/session.ts';
import type { Where } from '../session-ports.ts';
import type { SessionEnds } from './session-ends.ts';
import type { SessionListeners } from './session-listeners.ts';
import type { SessionMemory } from './session-memory.ts';

export interface SessionTakingNeeds {
  readonly memory: SessionMemory;
  readonly ends: SessionEnds;
  readonly listeners: SessionListeners;
}

/** False for one that has ended. A row that is older than what is known changes nothing. */
export function takeSession({ memory, ends, listeners }: SessionTakingNeeds, row: Session, where: Where): boolean {
  if (ends.has(row.reference)) return false;
  const live = memory.byReference(row.reference);
  if (live === undefined) {
    memory.add(row);
    return true;
  }
  const before = live.session;
  if (row.version < before.version) return true;
  const after = merge(before, row, live.lockDue);
  live.written = row.lastActiveAt;
  memory.take(live, after);
  if (before.key !== after.key) listeners.renamed(before, after, where);
  listeners.ehrSessions(before, after);
  const isLocked = before.lockedAt === null && after.lockedAt !== null;
  if (where === 'elsewhere' && isLocked) listeners.locked(after, 'idle', where);
  return true;
}

/** What this gateway knows better stays: a lock that is not written yet, and a touch that no row has. */
function merge(before: Session, row: Session, lockDue: boolean): Session {
  const lockedAt = row.lockedAt ?? (lockDue ? before.lockedAt : null);
  if (row.lockedAt !== null || before.lastActiveAt <= row.lastActiveAt) return { ...row, lockedAt };
  const { lastActiveAt, activity } = before;
  return { ...row, lockedAt, lastActiveAt, activity };
}
