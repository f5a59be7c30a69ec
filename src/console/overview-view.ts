// The figures of the overview as words, bars and rows: what the page shows at first and what its script puts there later are
// made here alike.

import { showPatients } from '../core/patients/show-patients.ts';
import type { ShownPatient } from '../patient-ports.ts';
import type { BarChart } from './bar-chart.ts';
import { barPlaces, highestWords } from './bar-chart.ts';
import type { OverviewFigures } from './overview-figures.ts';

export interface ShownAlert {
  /** Number of its record: tells alerts apart. */
  readonly record: number;
  readonly time: string;
  readonly who: string;
  readonly detector: string;
  readonly words: string;
  /** Where the records of this person are. */
  readonly href: string;
}

export interface OverviewView {
  readonly tiles: readonly (readonly [key: string, title: string, value: string])[];
  readonly charts: readonly BarChart[];
  /** Null where the index gave no answer. */
  readonly alerts: readonly ShownAlert[] | null;
  readonly at: string;
}

/** What the script is sent. */
export interface LiveView {
  readonly text: Readonly<Record<string, string>>;
  readonly bars: Readonly<Record<string, readonly (readonly [number, number])[]>>;
  readonly rows: Readonly<Record<string, readonly (readonly string[])[]>>;
  readonly alerts: readonly ShownAlert[] | null;
}

const spansInMinute = 6;

export function overviewView(figures: OverviewFigures, timezone: string, known: ReadonlyMap<string, ShownPatient>): OverviewView {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, hour: '2-digit', minute: '2-digit' });
  const exact = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, timeStyle: 'medium' });
  const full = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, dateStyle: 'short', timeStyle: 'medium' });
  const { people, spans, hours, alerts, now } = figures;
  const lastMinute = spans.slice(-spansInMinute);
  const day = hours ?? [];
  const tiles: OverviewView['tiles'] = [
    ['active', 'People at work in the last 5 minutes', String(people.active)],
    ['sessions', 'Sessions, locked ones among them', `${people.sessions} (${people.locked} locked)`],
    ['requests', 'Requests in the last minute', String(total(lastMinute.map(({ requests }) => requests)))],
    ['refused', 'Refused in the last minute', String(total(lastMinute.map(({ refused }) => refused)))],
    ['downloads', 'Downloads in 24 hours', hours === null ? 'not known' : String(total(day.map(({ downloads }) => downloads)))],
  ];
  return {
    tiles,
    charts: [trafficChart(figures, clock), dayChart(day, clock)],
    alerts: alerts?.map((alert) => shownAlert(alert, known, full)) ?? null,
    at: exact.format(now),
  };
}

export function liveView({ tiles, charts, alerts, at }: OverviewView): LiveView {
  return {
    text: Object.fromEntries([
      ...tiles.map(([key, , value]) => [key, value] as const),
      ...charts.map((chart) => [`${chart.key}-highest`, highestWords(chart)] as const),
      ['at', at],
    ]),
    bars: Object.fromEntries(charts.map((chart) => [chart.key, barPlaces(chart)])),
    rows: Object.fromEntries(charts.map(({ key, rows }) => [key, rows])),
    alerts,
  };
}

/** Bars of ten seconds, rows of a minute: the newest row first. */
function trafficChart({ spans }: OverviewFigures, clock: Intl.DateTimeFormat): BarChart {
  const minutes = Array.from({ length: Math.ceil(spans.length / spansInMinute) }, (_none, at) =>
    spans.slice(at * spansInMinute, (at + 1) * spansInMinute),
  );
  return {
    key: 'traffic',
    title: 'Requests to the EHR in the last ten minutes',
    each: 'ten seconds',
    columns: ['From', 'All', 'Refused'],
    bars: spans.map(({ requests, refused }) => ({ whole: requests, part: refused })),
    rows: minutes
      .map((minute) => [
        clock.format(minute[0]?.at ?? 0),
        String(total(minute.map(({ requests }) => requests))),
        String(total(minute.map(({ refused }) => refused))),
      ])
      .reverse(),
  };
}

function dayChart(hours: NonNullable<OverviewFigures['hours']>, clock: Intl.DateTimeFormat): BarChart {
  return {
    key: 'day',
    title: 'Requests on record in the last 24 hours',
    each: 'one hour',
    columns: ['Hour from', 'All', 'Refused', 'Downloads'],
    bars: hours.map(({ requests, refused }) => ({ whole: requests, part: refused })),
    rows: hours
      .map(({ hour, requests, refused, downloads }) => [clock.format(hour), String(requests), String(refused), String(downloads)])
      .reverse(),
  };
}

function shownAlert(
  alert: NonNullable<OverviewFigures['alerts']>[number],
  known: ReadonlyMap<string, ShownPatient>,
  full: Intl.DateTimeFormat,
): ShownAlert {
  const { sequence, time, person, reason, detail } = showPatients(alert, known);
  const query = new URLSearchParams({ ...(person === null ? {} : { person }), show: 'alerts' });
  return {
    record: sequence,
    time: full.format(time),
    who: person ?? 'nobody in particular',
    detector: (reason ?? 'alert').replaceAll('-', ' '),
    words: detail ?? '',
    href: `/.wardgate/console?${query.toString()}`,
  };
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
