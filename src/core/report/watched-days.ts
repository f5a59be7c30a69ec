// How complete the record of each day is: its heartbeats, of which one is due a minute while the gateway runs, and the most that
// one of them says was missed (45 CFR 164.312(b)).

import { readHeartbeatNote } from '../audit/heartbeat-note.ts';
import type { Told } from './told.ts';

/** One day of the period, and its records, counted. */
export interface CountedDay {
  /** `2026-10-01` in the clinic. */
  readonly day: string;
  /** How much of the day lies in the period. */
  readonly milliseconds: number;
  readonly counts: readonly { readonly event: string | null; readonly decision: string | null; readonly count: number }[];
}

export type WatchedDay = {
  readonly day: string;
  readonly requests: number;
  readonly refusals: number;
  readonly others: number;
  readonly heartbeats: number;
  /** One a minute of what lies in the period. */
  readonly due: number;
};

type Counts = Omit<WatchedDay, 'day' | 'due'>;

export function watchedDay({ day, milliseconds, counts }: CountedDay): WatchedDay {
  const found = { requests: 0, refusals: 0, others: 0, heartbeats: 0 };
  for (const { event, decision, count } of counts) found[kindOf(event, decision)] += count;
  return { day, ...found, due: Math.floor(milliseconds / 60_000) };
}

function kindOf(event: string | null, decision: string | null): keyof Counts {
  if (event === 'heartbeat') return 'heartbeats';
  if (event === 'refusal' || ((event === 'outcome' || event === 'attempt') && decision === 'refused')) return 'refusals';
  return event === 'outcome' || event === 'attempt' ? 'requests' : 'others';
}

/** Until when the record is beyond the reach of whoever owns the machine: what the last heartbeat says. Null where it says none. */
export function anchoredUntil(heartbeat: Told | null): number | null {
  const age = readHeartbeatNote(heartbeat?.detail ?? '')?.anchorAgeSeconds ?? null;
  return heartbeat === null || age === null ? null : heartbeat.time - age * 1000;
}
