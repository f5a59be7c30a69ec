// Whether a session may still be used. Judged by the wall clock, because a laptop that slept did not stop time. Never
// prolongs anything.

import type { EndReason, Session, SessionLimits } from './session.ts';

export type SessionStanding =
  { readonly standing: 'active' } | { readonly standing: 'ended'; readonly why: Extract<EndReason, 'idle' | 'absolute'> };

/**
 * `now` is epoch milliseconds. At its limit to the millisecond a session is over. Times in the future (the clock was set
 * back) count as now, and so they give no more than a fresh start of the same limit.
 */
export function judgeStanding(
  session: Pick<Session, 'createdAt' | 'lastActiveAt'>,
  limits: SessionLimits,
  now: number,
): SessionStanding {
  if (elapsed(session.createdAt, now) >= limits.absoluteSeconds * 1000) return { standing: 'ended', why: 'absolute' };
  if (elapsed(session.lastActiveAt, now) >= limits.idleSeconds * 1000) return { standing: 'ended', why: 'idle' };
  return { standing: 'active' };
}

function elapsed(since: number, now: number): number {
  return Math.max(0, now - since);
}
