// Tries to come in that did not go well, put together where one person or address tried the same again and again, and what was
// done about them (45 CFR 164.308(a)(5)(ii)(C)).

import { recordsInOrder } from '../audit/record-number.ts';
import { readOrderNote } from '../audit/order-note.ts';
import type { Told } from './told.ts';
import { whoOf } from './told.ts';

/** What counts as such a try, and what it was a try of. */
export const failureEvents = {
  'sign-in-failed': 'sign-in',
  'second-factor-failed': 'second factor',
  'second-factor-blocked': 'second factor, while locked out',
  'step-up-failed': 'confirmation',
  'unlock-failed': 'unlocking',
  'pin-failed': 'PIN',
  'emergency-sign-in-failed': 'emergency sign-in',
  'ehr-sign-on': 'sign-on to the EHR',
} as const;

export interface SignInFailures {
  readonly person: string | null;
  readonly address: string | null;
  readonly what: string;
  readonly factor: string | null;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly count: number;
  /** Epoch milliseconds; the same for a single try. */
  readonly first: number;
  readonly last: number;
  /** Minutes that the person was locked out because of them; null where they were not. */
  readonly lockOutMinutes: number | null;
  /** When the same person came in afterwards, within the hour; null where they did not. */
  readonly cameInAt: number | null;
  /** What was ordered about the person within a week. */
  readonly action: string | null;
  /** Number of the first record. */
  readonly record: number;
}

/** Tries that are further apart are two stories. */
const togetherMilliseconds = 3_600_000;
const actionMilliseconds = 7 * 86_400_000;
/** Reasons that the record of the factor itself has told. */
const ofFactor: ReadonlySet<string | null> = new Set(['second-factor-wrong', 'second-factor-blocked', 'passkey-copied']);
const lockedOut = /^blocked for (\d+) minutes$/;

interface Group {
  readonly one: Told;
  count: number;
  last: number;
  lockOutMinutes: number | null;
}

/** `told`: failures, sign-ins and orders of the period in any order. A sign-on to the EHR counts where it was refused. */
export function signInFailures(told: readonly Told[]): readonly SignInFailures[] {
  const inOrder = told.toSorted(recordsInOrder);
  const rows = [...Map.groupBy(inOrder, whoOf).values()].flatMap(failuresOf);
  return rows.sort((a, b) => a.record - b.record);
}

/** `theirs`: all of one person, or of all strangers, in order. */
function failuresOf(theirs: readonly Told[]): readonly SignInFailures[] {
  const open = new Map<string, Group>();
  const all: Group[] = [];
  for (const one of theirs) {
    const minutes = lockOutOf(one);
    const group = all.at(-1);
    if (minutes !== null && group !== undefined) group.lockOutMinutes = minutes;
    if (isFailure(one)) take(open, all, one);
  }
  return all.map((group) => asRow(group, theirs));
}

/** One try to unlock or to confirm leaves the record of the factor that did not do, and one of its own: it counts once. */
export function isFailure(one: Told): boolean {
  const { event, decision, reason } = one;
  if (lockOutOf(one) !== null) return false;
  if (event === 'ehr-sign-on') return decision === 'refused';
  if (event === 'unlock-failed' || event === 'step-up-failed') return !ofFactor.has(reason);
  return event in failureEvents;
}

/** The record that announces a lock-out stands beside that of the try which brought it; it is no try of its own. */
function lockOutOf({ event, detail }: Told): number | null {
  const minutes = event === 'second-factor-blocked' ? lockedOut.exec(detail ?? '')?.[1] : undefined;
  return minutes === undefined ? null : Number(minutes);
}

function take(open: Map<string, Group>, all: Group[], one: Told): void {
  const key = JSON.stringify([one.address, one.event, one.factor, one.reason]);
  const known = open.get(key);
  if (known !== undefined && one.time - known.last <= togetherMilliseconds) {
    known.count += 1;
    known.last = one.time;
    return;
  }
  const group: Group = { one, count: 1, last: one.time, lockOutMinutes: null };
  open.set(key, group);
  all.push(group);
}

function asRow({ one, count, last, lockOutMinutes }: Group, theirs: readonly Told[]): SignInFailures {
  const { person, address, factor, reason, detail, time, sequence } = one;
  const after = person === null ? [] : theirs.filter((other) => other.time >= time);
  const cameIn = after.find((other) => comesIn(other) && other.time >= last && other.time - last <= togetherMilliseconds);
  const ordered = after.filter((other) => other.event === 'order' && other.time - time <= actionMilliseconds);
  return {
    person,
    address,
    what: failureEvents[one.event as keyof typeof failureEvents],
    factor,
    reason,
    detail,
    count,
    first: time,
    last,
    lockOutMinutes,
    cameInAt: cameIn?.time ?? null,
    action: ordered.map(describeOrder).join('; ') || null,
    record: sequence,
  };
}

function comesIn({ event }: Told): boolean {
  return event === 'sign-in' || event === 'unlocked' || event === 'step-up';
}

function describeOrder({ detail }: Told): string {
  const note = readOrderNote(detail ?? '');
  if (note === null) return detail ?? 'an order';
  const why = note.because === null ? '' : `, because: ${note.because}`;
  return `${note.name} by ${note.by}${why}${note.notDone === null ? '' : ' (not done)'}`;
}
