// People whose access was ended: from the notice to the cut, what was taken away, and whether they came again (45 CFR
// 164.308(a)(3)(ii)(C)).

import { recordsInOrder } from '../audit/record-number.ts';
import { readLeavingNote } from '../audit/leaving-note.ts';
import type { LeavingNote } from '../audit/leaving-note.ts';
import { readOrderNote } from '../audit/order-note.ts';
import type { Told } from './told.ts';
import { whoOf } from './told.ts';

export type Leaving = {
  readonly person: string | null;
  /** When the clinic heard of it, epoch milliseconds; null where nobody said. */
  readonly noticed: number | null;
  /** When all of it was done. */
  readonly cutOff: number;
  /** Null where nobody said when the clinic heard of it. */
  readonly minutes: number | null;
  readonly withinHour: boolean | null;
  readonly sessions: number | null;
  readonly credentials: number | null;
  readonly emergencyCodes: number | null;
  /** Everything that there was to end, in words; null where the record does not say. */
  readonly ended: string | null;
  /** Tries to come in that were refused because they had left. */
  readonly attempts: number;
  /** What they opened after the cut and before they were let in again: it should be nothing. */
  readonly accesses: number;
  readonly readmitted: number | null;
  readonly actor: string | null;
  readonly because: string | null;
  readonly record: number;
};

/** `user offboard` is what the order was called before. */
export function isEndOrder(name: string | undefined): boolean {
  return name === 'user end' || name === 'user offboard';
}

/** The order stands right before what it led to. */
const orderMilliseconds = 600_000;

/** `told`: of everybody who left, all that is on record from the order on, in any order. */
export function leavings(told: readonly Told[]): readonly Leaving[] {
  const inOrder = told.toSorted(recordsInOrder);
  return inOrder.filter(({ event }) => event === 'offboarded').map((one) => leaving(one, inOrder));
}

function leaving(one: Told, told: readonly Told[]): Leaving {
  const { person, time, detail, sequence } = one;
  const theirs = told.filter((other) => whoOf(other) === whoOf(one));
  const note = readLeavingNote(detail ?? '');
  const notice = note?.notice ?? null;
  const order = theirs.findLast((other) => isItsOrder(other, one));
  const given = readOrderNote(order?.detail ?? '');
  const after = theirs.filter((other) => recordsInOrder(other, one) > 0);
  const back = after.find(({ event }) => event === 'readmitted') ?? null;
  const meanwhile = after.filter((other) => back === null || recordsInOrder(other, back) < 0);
  const attempts = meanwhile.filter(({ event, reason }) => event === 'sign-in-failed' && reason === 'offboarded');
  return {
    person,
    noticed: notice === null ? null : timeOf(notice.at),
    cutOff: time,
    minutes: notice?.minutes ?? null,
    withinHour: notice === null ? null : notice.minutes <= 60,
    sessions: countOf(note, 'sessions ended'),
    credentials: countOf(note, 'EHR passwords removed'),
    emergencyCodes: countOf(note, 'emergency codes removed'),
    ended: endedIn(note),
    attempts: attempts.length,
    accesses: meanwhile.filter(isAccess).length,
    readmitted: back?.time ?? null,
    actor: given?.by ?? null,
    because: given?.because ?? null,
    record: sequence,
  };
}

function isItsOrder(one: Told, left: Told): boolean {
  const isBefore = recordsInOrder(one, left) < 0 && left.time - one.time <= orderMilliseconds;
  return one.event === 'order' && isBefore && isEndOrder(readOrderNote(one.detail ?? '')?.name);
}

function isAccess({ event, decision }: Told): boolean {
  return (event === 'attempt' || event === 'outcome') && decision !== 'refused';
}

function endedIn(note: LeavingNote | null): string | null {
  const there = note?.steps.filter(({ count }) => count > 0).map(({ what, count }) => (count === 1 ? what : `${what}: ${count}`));
  return there === undefined ? null : there.join(', ');
}

function countOf(note: LeavingNote | null, what: string): number | null {
  return note?.steps.find((step) => step.what === what)?.count ?? null;
}

function timeOf(text: string): number | null {
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}
