// The sessions of one person, out of their records: when each began and ended, on which device and from where, and what was
// done in it.

import { recordsInOrder } from '../audit/record-number.ts';
import type { IndexRow } from '../audit/index-row.ts';

export type SessionRequest = Pick<
  IndexRow,
  | 'sequence'
  | 'time'
  | 'event'
  | 'session'
  | 'device'
  | 'address'
  | 'factor'
  | 'patient'
  | 'action'
  | 'decision'
  | 'reason'
  | 'detail'
>;

export interface SessionSpan {
  readonly session: string;
  /** Number of the first record. */
  readonly record: number;
  /** Of the sign-in, or of the first record in this period; epoch milliseconds. */
  readonly from: number;
  /** Of its end, or of the last record in this period. */
  readonly until: number;
  /** How it ended; null where that is not in this period. */
  readonly end: string | null;
  readonly device: string | null;
  readonly addresses: readonly string[];
  readonly factor: string | null;
  readonly requests: number;
  readonly refused: number;
  readonly writes: number;
  readonly patients: number;
}

const requestEvents = ['outcome', 'attempt', 'refusal'];
const writing = ['create', 'update', 'delete', 'execute'];

/** `requests` of one person, oldest first; what belongs to no session is left out. */
export function sessionSpans(requests: readonly SessionRequest[]): readonly SessionSpan[] {
  const sessions = Map.groupBy(
    requests.filter(({ session }) => session !== null),
    ({ session }) => String(session),
  );
  return [...sessions].map(([session, all]) => spanOf(session, all));
}

/** Whether a request changed something, as its rule says. */
export function isWrite({ event, action, decision }: Pick<SessionRequest, 'event' | 'action' | 'decision'>): boolean {
  return event === 'outcome' && decision !== 'refused' && action !== null && writing.includes(action);
}

function spanOf(session: string, all: readonly SessionRequest[]): SessionSpan {
  const times = all.map(({ time }) => time);
  const asked = all.filter(({ event }) => requestEvents.includes(event));
  const passed = asked.filter(({ decision }) => decision !== 'refused');
  const of = (name: 'device' | 'factor'): string | null => all.map((one) => one[name]).find((value) => value !== null) ?? null;
  return {
    session,
    record: all.reduce((one, other) => (recordsInOrder(other, one) < 0 ? other : one)).sequence,
    from: Math.min(...times),
    until: Math.max(...times),
    end: endOf(all),
    device: of('device'),
    addresses: [...new Set(all.flatMap(({ address }) => address ?? []))],
    factor: of('factor'),
    requests: asked.length,
    refused: asked.length - passed.length,
    writes: all.filter(isWrite).length,
    patients: new Set(passed.flatMap(({ patient }) => patient ?? [])).size,
  };
}

function endOf(all: readonly SessionRequest[]): string | null {
  const last = all.findLast(({ event }) => event === 'sign-out' || event === 'session-ended');
  if (last === undefined) return null;
  return last.event === 'sign-out' ? 'signed out' : (last.reason ?? 'ended');
}
