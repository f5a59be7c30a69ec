// Records as detectors see them: a Monday in November at a clinic that is open from 7 to 19, all of it UTC.

import { withinHours } from '../../src/core/policy/hours.ts';
import type { Seen, SeenPerson } from '../../src/core/detect/seen.ts';
import type { Detector, Finding } from '../../src/core/detect/detector.ts';

export const monday = Date.parse('2026-11-02T00:00:00Z');
export const minutes = 60_000;
export const hours = 60 * minutes;
export const days = 24 * hours;

const open = [{ days: [1, 2, 3, 4, 5], fromMinute: 7 * 60, toMinute: 19 * 60 }];

export function person(name: string): SeenPerson {
  return { issuer: 'https://idp.example', sub: name, name, key: `https://idp.example ${name}` };
}

/** `at` counts from that Monday's midnight, milliseconds. */
export function seen(event: string, at: number, fields: Partial<Seen> = {}): Seen {
  const time = monday + at;
  const date = new Date(time);
  const local = { weekday: date.getUTCDay(), minute: date.getUTCHours() * 60 + date.getUTCMinutes() };
  return {
    sequence: 1,
    time,
    local: { ...local, day: date.toISOString().slice(0, 10), open: withinHours(open, local.weekday, local.minute) },
    event,
    person: person('nora'),
    roles: null,
    session: 's1',
    agent: null,
    category: null,
    action: null,
    download: null,
    device: null,
    address: '10.20.5.7',
    patient: null,
    reason: null,
    activity: null,
    bytesOut: null,
    detail: null,
    ...fields,
  };
}

export function opened(at: number, patient: string, who = 'nora'): Seen {
  return seen('chart-opened', at, { patient, person: person(who) });
}

/** What a detector says of each, one after the other; what says nothing is left out. */
export function findings(detector: Detector, all: readonly Seen[]): readonly Finding[] {
  return all.flatMap((one) => detector(one) ?? []);
}
