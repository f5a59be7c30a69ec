// What the record shows of sessions that nobody used: how long nobody was there before the lock, and how they went on (45 CFR
// 164.312(a)(2)(iii)).

import { readActivity } from '../session/activity.ts';
import type { Told } from './told.ts';

export type LockEvidence = {
  readonly place: string;
  readonly locks: number;
  /** Milliseconds without a sign of a person before the lock was in force; null where no record says. */
  readonly idleP50: number | null;
  readonly idleP99: number | null;
  readonly idleLongest: number | null;
  readonly unlocked: number;
  readonly unlockFailed: number;
  /** Ended while nobody was there, by the limit after a lock or the longest session. */
  readonly endedIdle: number;
  readonly endedLongest: number;
};

/** `placeOf` says where a session is: its zone and device, in words. Rows by place, those with most locks first. */
export function lockEvidence(told: readonly Told[], placeOf: (one: Told) => string): readonly LockEvidence[] {
  const places = Map.groupBy(told.filter(isOfALock), placeOf);
  const rows = [...places].map(([place, all]) => evidenceOf(place, all));
  return rows.sort((a, b) => b.locks - a.locks || (a.place < b.place ? -1 : 1));
}

function isOfALock({ event, reason }: Told): boolean {
  const isEnd = event === 'session-ended' && (reason === 'idle' || reason === 'absolute');
  return isEnd || event === 'locked' || event === 'unlocked' || event === 'unlock-failed';
}

function evidenceOf(place: string, all: readonly Told[]): LockEvidence {
  const locks = all.filter(({ event }) => event === 'locked');
  const idle = locks.flatMap(idleOf).sort((a, b) => a - b);
  const count = (event: string, reason: string | null = null): number =>
    all.filter((one) => one.event === event && (reason === null || one.reason === reason)).length;
  return {
    place,
    locks: locks.length,
    idleP50: percentile(idle, 0.5),
    idleP99: percentile(idle, 0.99),
    idleLongest: idle.at(-1) ?? null,
    unlocked: count('unlocked'),
    unlockFailed: count('unlock-failed'),
    endedIdle: count('session-ended', 'idle'),
    endedLongest: count('session-ended', 'absolute'),
  };
}

/** Locks for another reason than that nobody was there say nothing about the limit. */
function idleOf({ reason, detail }: Told): readonly number[] {
  const told = reason === 'idle' ? readActivity(detail ?? '') : null;
  return told === null || told.lockedAt === null ? [] : [Math.max(0, told.lockedAt - told.lastActiveAt)];
}

/** Nearest rank, of values in order; null of none. */
export function percentile(inOrder: readonly number[], share: number): number | null {
  return inOrder[Math.max(0, Math.ceil(share * inOrder.length) - 1)] ?? null;
}
