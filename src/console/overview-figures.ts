// What the overview shows, gathered for everybody who watches it at once: counts in memory, sessions, and the thread of the
// search index, which is asked no oftener for ten watchers than for one. The log itself is never read here.

import type { Clock } from '../ports.ts';
import type { LiveTraffic, TrafficSpan } from '../console-ports.ts';
import type { ReportRecords } from '../report-ports.ts';
import type { FoundRequest, HourCount, RecordSearch } from '../search-ports.ts';
import type { SessionList } from '../session-ports.ts';

export interface OverviewFiguresNeeds {
  readonly clock: Pick<Clock, 'now'>;
  readonly traffic: LiveTraffic;
  readonly sessions: SessionList;
  readonly records: RecordSearch & Pick<ReportRecords, 'tally'>;
}

export interface HourFigures {
  readonly hour: number;
  readonly requests: number;
  readonly refused: number;
  readonly downloads: number;
}

export interface OverviewFigures {
  readonly now: number;
  readonly spans: readonly TrafficSpan[];
  readonly people: { readonly active: number; readonly locked: number; readonly sessions: number };
  /** Of the last 24 hours; null where the index gives no answer. */
  readonly hours: readonly HourFigures[] | null;
  /** The newest first; null where the index gives no answer. */
  readonly alerts: readonly FoundRequest[] | null;
}

const hourMilliseconds = 3_600_000;
const activeMilliseconds = 5 * 60_000;
const shownHours = 24;
const shownAlerts = 8;
const alertDays = 7;
/** How long an answer serves everybody. */
const keptAlerts = 900;
const keptHours = 20_000;
const keptPeople = 900;

export class OverviewSource {
  readonly #needs: OverviewFiguresNeeds;
  readonly #alerts: () => Promise<readonly FoundRequest[] | null>;
  readonly #hours: () => Promise<readonly HourFigures[] | null>;
  readonly #people: () => Promise<OverviewFigures['people']>;

  constructor(needs: OverviewFiguresNeeds) {
    this.#needs = needs;
    const { clock } = needs;
    this.#alerts = kept(
      clock,
      keptAlerts,
      orNull(async () => alertsOf(needs)),
    );
    this.#hours = kept(
      clock,
      keptHours,
      orNull(async () => hoursOf(needs)),
    );
    this.#people = kept(clock, keptPeople, async () => peopleOf(needs));
  }

  async figures(): Promise<OverviewFigures> {
    const [alerts, hours, people] = await Promise.all([this.#alerts(), this.#hours(), this.#people()]);
    return { now: this.#needs.clock.now(), spans: this.#needs.traffic.spans(), people, hours, alerts };
  }
}

/** One answer for all who ask within that time; a question under way is not asked again. */
function kept<T>(clock: Pick<Clock, 'now'>, milliseconds: number, make: () => Promise<T>): () => Promise<T> {
  let last: { readonly at: number; readonly answer: Promise<T> } | null = null;
  return () => {
    const now = clock.now();
    if (last === null || now - last.at >= milliseconds || now < last.at) last = { at: now, answer: make() };
    return last.answer;
  };
}

/** The rest of the page must not go with a search that fails; what is wrong with the index stands among the notices. */
function orNull<T>(make: () => Promise<T>): () => Promise<T | null> {
  return () => make().catch(() => null);
}

async function alertsOf({ records, clock }: OverviewFiguresNeeds): Promise<readonly FoundRequest[]> {
  const since = clock.now() - alertDays * 24 * hourMilliseconds;
  return (await records.search({ event: 'alert', since }, shownAlerts)).requests;
}

async function hoursOf({ records, clock }: OverviewFiguresNeeds): Promise<readonly HourFigures[]> {
  const until = clock.now();
  const newest = Math.floor(until / hourMilliseconds);
  const since = (newest - shownHours + 1) * hourMilliseconds;
  const [counts, downloads] = await Promise.all([
    records.hours(since, until),
    records.tally({ download: true, ended: true, since }, ['quarter']),
  ]);
  return Array.from({ length: shownHours }, (_none, at) => {
    const hour = since + at * hourMilliseconds;
    const here = counts.filter((one) => one.hour === hour);
    const taken = downloads.rows.filter(({ keys: [quarter] }) => isWithin(Number(quarter), hour));
    return {
      hour,
      requests: sum(here.filter(({ event }) => event === 'outcome' || event === 'refusal')),
      refused: sum(here.filter(({ event, decision }) => event === 'refusal' || (event === 'outcome' && decision === 'refused'))),
      downloads: taken.reduce((all, { count }) => all + count, 0),
    };
  });
}

function isWithin(time: number, hour: number): boolean {
  return time >= hour && time < hour + hourMilliseconds;
}

function sum(counts: readonly HourCount[]): number {
  return counts.reduce((all, { count }) => all + count, 0);
}

function peopleOf({ sessions, clock }: OverviewFiguresNeeds): OverviewFigures['people'] {
  const now = clock.now();
  const all = sessions.all();
  const active = new Set<string>();
  for (const { subject, lastActiveAt, lockedAt } of all)
    if (lockedAt === null && now - lastActiveAt < activeMilliseconds) active.add(`${subject.issuer} ${subject.sub}`);
  return { active: active.size, locked: all.filter(({ lockedAt }) => lockedAt !== null).length, sessions: all.length };
}
