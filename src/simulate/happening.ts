// What a simulated clinic does, as the detectors would see it in the record, and which of it somebody should have seen.

import type { Seen, SeenPerson } from '../core/detect/seen.ts';
import { withinHours } from '../core/policy/hours.ts';

export interface Happening {
  readonly time: number;
  readonly event: string;
  readonly person: SeenPerson | null;
  readonly session?: string;
  readonly address?: string;
  readonly patient?: string;
  readonly activity?: 'navigation';
  readonly bytesOut?: number;
  readonly roles?: string;
  readonly category?: string;
  readonly action?: string;
  readonly download?: string;
  readonly device?: string;
  readonly detail?: string;
  readonly agent?: string;
}

/** A wrong that was put in. Whoever is told of `people` or of `patient` between the two times has seen it. */
export interface Wrong {
  readonly scenario: string;
  readonly people: readonly SeenPerson[];
  readonly patient: string | null;
  readonly address: string | null;
  readonly from: number;
  readonly to: number;
}

export const minutes = 60_000;
export const hours = 60 * minutes;
export const days = 24 * hours;

/** A Monday. */
export const began = Date.parse('2026-06-01T00:00:00Z');

const open = [{ days: [1, 2, 3, 4, 5], fromMinute: 7 * 60, toMinute: 19 * 60 }];

/** The clinic's clock shows UTC. */
export function seenOf({ time, event, person, ...more }: Happening, sequence: number): Seen {
  const date = new Date(time);
  const local = { weekday: date.getUTCDay(), minute: date.getUTCHours() * 60 + date.getUTCMinutes() };
  return {
    sequence,
    time,
    local: { ...local, day: date.toISOString().slice(0, 10), open: withinHours(open, local.weekday, local.minute) },
    event,
    person,
    roles: more.roles ?? null,
    session: more.session ?? null,
    agent: more.agent ?? null,
    category: more.category ?? null,
    action: more.action ?? null,
    download: more.download ?? null,
    device: more.device ?? null,
    address: more.address ?? null,
    patient: more.patient ?? null,
    reason: null,
    activity: more.activity ?? null,
    bytesOut: more.bytesOut ?? null,
    detail: more.detail ?? null,
  };
}
