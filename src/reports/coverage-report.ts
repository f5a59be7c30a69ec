// How complete the record is: which applications and rules stand in it, day by day, what is missing, and since when it is beyond
// the reach of whoever owns the machine.

import { periodDays } from '../core/report/period-days.ts';
import type { ReportContent, Section } from '../core/report/report.ts';
import { anchoredUntil, watchedDay } from '../core/report/watched-days.ts';
import type { WatchedDay } from '../core/report/watched-days.ts';
import type { ReportAsks, ReportSources, Watched } from '../report-ports.ts';
import { column } from './column.ts';
import type { ReportKind } from './report-kind.ts';

export const coverageReport: ReportKind = {
  name: 'coverage',
  title: 'Coverage of the record',
  says: 'what is recorded, records of each day, heartbeats and outages, and until when it is anchored',
  citations: ['45 CFR 164.312(b)', '45 CFR 164.308(a)(1)(ii)(D)'],
  wants: null,
  build,
};

/** Two years; more is for a shorter period. */
const mostDays = 732;

async function build({ period }: ReportAsks, sources: ReportSources): Promise<ReportContent> {
  const { since, until } = period;
  const { records, clinic } = sources;
  const watched = await records.watch(since, until);
  const last = await records.search({ since, until, event: 'heartbeat' }, 1);
  const days: WatchedDay[] = [];
  for (const day of periodDays(period, clinic.timezone, mostDays)) days.push(await dayOf(day, sources));
  const sum = (of: (day: WatchedDay) => number): number => days.reduce((total, day) => total + of(day), 0);
  const areas = await areaSection(since, until, sources);
  return {
    about: [],
    figures: [
      { key: 'records', title: 'Records', type: 'number', value: watched.records?.count ?? 0, note: null },
      { key: 'requests', title: 'Requests', type: 'number', value: sum(({ requests }) => requests), note: null },
      { key: 'refusals', title: 'Refusals', type: 'number', value: sum(({ refusals }) => refusals), note: null },
      { key: 'heartbeats', title: 'Heartbeats', type: 'number', value: sum(({ heartbeats }) => heartbeats), note: 'One is due each minute while the gateway runs.' },
      { key: 'unwatched', title: 'Not on watch', type: 'duration', value: watched.unwatchedMilliseconds, note: null },
      { key: 'anchored', title: 'Anchored until', type: 'time', value: anchoredUntil(last.requests[0] ?? null), note: 'As the last heartbeat of the period says; empty where the record was not anchored.' },
    ], // prettier-ignore
    sections: [areas, daySection(days), gapSection(watched)],
    limits: [
      'What people did at the EHR without the gateway is not in its record; "wardgate audit reconcile" compares the two.',
      'Refusals of addresses that nobody signed in at are summed up beyond a budget, and one sum is one record.',
      'Whether the records are still as they were written is for the verifier to say: --verify, or "wardgate audit verify".',
    ],
    blanks: [],
  };
}

async function dayOf(
  { day, since, until }: ReturnType<typeof periodDays>[number],
  { records, now }: ReportSources,
): Promise<WatchedDay> {
  const { rows } = await records.tally({ since, until, ended: true }, ['event', 'decision']);
  const counts = rows.map(({ keys: [event, decision], count }) => ({ event: String(event), decision: typeof decision === 'string' ? decision : null, count })); // prettier-ignore
  return watchedDay({ day, milliseconds: Math.max(0, Math.min(until, now) - since), counts });
}

/** Every rule of now, and whatever else stands in the record. */
async function areaSection(since: number, until: number, { records, setup }: ReportSources): Promise<Section> {
  const { rows, isCut } = await records.tally({ since, until, event: 'outcome' }, ['application', 'rule', 'category']);
  const seen = rows.map(({ keys: [application = null, rule = null, category = null], count, since: first, until: last }) => ({ application, rule, category, requests: count, first, last })); // prettier-ignore
  const used = new Set(seen.map(({ application, rule }) => `${application} ${rule}`));
  const unused = setup.policy.rules
    .filter(({ application, name }) => !used.has(`${application} ${name}`))
    .map(({ application, name }) => ({ application, rule: name, category: null, requests: 0, first: null, last: null }));
  const all = [...seen, ...unused];
  return {
    key: 'areas',
    title: 'Applications and rules',
    notes: [
      'Every request that a rule lets through is recorded, whatever the rule; there is no switch for it.',
      'Requests that a budget or a missing leave to export ended are counted with their rule.',
    ],
    columns: [
      column('application', 'Application'),
      column('rule', 'Rule'),
      column('category', 'Category'),
      column('requests', 'Requests', 'number'),
      column('first', 'First', 'time'),
      column('last', 'Last', 'time'),
    ],
    rows: all,
    total: isCut ? null : all.length,
  };
}

function daySection(rows: readonly WatchedDay[]): Section {
  return {
    key: 'days',
    title: 'Days',
    notes: ['Days are those of the clinic; one on which the clock is changed has an hour more or less.'],
    columns: [
      column('day', 'Day'),
      column('requests', 'Requests', 'number'),
      column('refusals', 'Refusals', 'number'),
      column('others', 'Other records', 'number'),
      column('heartbeats', 'Heartbeats', 'number'),
      column('due', 'Minutes of the day', 'number'),
    ],
    rows,
    total: rows.length < mostDays ? rows.length : null,
  };
}

const gapWords = {
  'before-first': 'before the first record',
  stopped: 'the gateway was shut down',
  crashed: 'it ended without a word',
  silent: 'no heartbeat',
  outage: 'nothing could be recorded, so nothing was opened',
  restored: 'put back from a backup',
} as const;

function gapSection({ gaps, gapCount }: Watched): Section {
  return {
    key: 'gaps',
    title: 'When nothing was on watch',
    notes: [],
    columns: [
      column('after', 'After record', 'record'),
      column('before', 'Before record', 'record'),
      column('from', 'From', 'time'),
      column('until', 'Until', 'time'),
      column('lasted', 'Lasted', 'duration'),
      column('what', 'What'),
    ],
    rows: gaps.map(({ kind, after, before, from, until }) => ({
      after,
      before,
      from,
      until,
      lasted: until - from,
      what: gapWords[kind],
    })),
    total: gapCount,
  };
}
