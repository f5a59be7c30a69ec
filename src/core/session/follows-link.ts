// What a session does when one that it is linked with ends or unlocks. Everything is followed but for a session that waits
// at a desk in nobody's browser: nobody came back to that one, which says nothing of its person elsewhere.

import type { EndReason, Session } from './session.ts';

/** Whether the others end with this one. */
export function followsEnd({ parked = null }: Pick<Session, 'parked'>, reason: EndReason): boolean {
  return parked === null || reason !== 'idle';
}

/** Whether this one unlocks with another. */
export function followsUnlock({ parked = null, lockedAt }: Pick<Session, 'parked' | 'lockedAt'>): boolean {
  return parked === null && lockedAt !== null;
}
