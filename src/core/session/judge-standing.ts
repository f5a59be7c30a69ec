// Whether a session may be used, is locked, or is over. Judged by the wall clock, because a laptop that slept did not stop
// time. Never prolongs anything, and never unlocks.
// Automatic logoff: 45 CFR 164.312(a)(2)(iii).

import type { EndReason, Session, SessionLimits } from './session.ts';

/** Times are epoch milliseconds. */
export type SessionStanding =
  | { readonly standing: 'active'; readonly locksAt: number; readonly endsAt: number }
  /** `since`: when it locked, or when it should have, where nobody looked. */
  | { readonly standing: 'locked'; readonly since: number; readonly endsAt: number }
  | { readonly standing: 'ended'; readonly why: Extract<EndReason, 'idle' | 'absolute'> };

/**
 * `now` is epoch milliseconds. At its limit to the millisecond a session locks or is over. Times in the future (the clock
 * was set back) count as now, and so they give no more than a fresh start of the same limit.
 */
export function judgeStanding(
  session: Pick<Session, 'createdAt' | 'lastActiveAt' | 'lockedAt' | 'emergencyUntil'>,
  limits: SessionLimits,
  now: number,
): SessionStanding {
  const longest = Math.min(session.createdAt, now) + limits.absoluteSeconds * 1000;
  const absoluteEnd = Math.min(longest, session.emergencyUntil ?? longest);
  if (now >= absoluteEnd) return { standing: 'ended', why: 'absolute' };
  const locksAt = lockTime(session, limits, now);
  if (now < locksAt) return { standing: 'active', locksAt: Math.min(locksAt, absoluteEnd), endsAt: absoluteEnd };
  const endsAt = Math.min(locksAt + limits.endAfterLockSeconds * 1000, absoluteEnd);
  return now >= endsAt ? { standing: 'ended', why: 'idle' } : { standing: 'locked', since: locksAt, endsAt };
}

function lockTime({ lastActiveAt, lockedAt }: Pick<Session, 'lastActiveAt' | 'lockedAt'>, limits: SessionLimits, now: number) {
  if (lockedAt !== null) return Math.min(lockedAt, now);
  return Math.min(lastActiveAt, now) + limits.idleSeconds * 1000;
}
