// The summary of the monthly review.

import type { Cell, ColumnType, Figure } from '../core/report/report.ts';
import { offHours } from '../core/report/off-hours.ts';
import type { ReviewCounts } from '../core/report/review-counts.ts';
import type { ReportAsks, ReportSources } from '../report-ports.ts';
import type { ListedRequests } from './listed-requests.ts';
import type { MonthlyDownloads } from './monthly-downloads.ts';
import type { MonthlyPeople } from './monthly-people.ts';
import type { MonthlySample } from './monthly-sample.ts';

export interface MonthlyParts {
  readonly asks: ReportAsks;
  readonly sources: ReportSources;
  readonly counts: ReviewCounts;
  readonly downloads: MonthlyDownloads;
  readonly people: MonthlyPeople;
  readonly privileges: ListedRequests;
  readonly configuration: ListedRequests;
  readonly sample: MonthlySample;
}

export async function monthlyFigures(parts: MonthlyParts): Promise<Figure[]> {
  const { asks, sources } = parts;
  const { since, until } = asks.period;
  const end = Math.min(until, sources.now);
  const watched = await sources.records.watch(since, end);
  const off = await offHoursCount(asks, sources);
  const share = end > since ? ((end - since - watched.unwatchedMilliseconds) / (end - since)) * 100 : 0;
  const over = 'Of the period as far as it is over; what is missing is listed below.';
  return [
    figure('coverage', 'Time on watch', 'text', `${share.toFixed(2)} %`, over),
    figure('gaps', 'Times without a watch', 'number', watched.gapCount),
    ...useFigures(parts, off),
    ...changeFigures(parts),
  ];
}

const passedNote = 'Requests that were let through, also to pages that name no patient.';
const refusedNote = 'Beyond a budget per person and address they are summed up and not counted here.';

function useFigures({ counts, downloads }: MonthlyParts, off: number | null): Figure[] {
  const offNote = off === null ? 'clinic.hours is not configured.' : 'By the quarter of an hour in which they ended.';
  return [
    figure('people', 'People active', 'number', counts.people.length),
    figure('machines', 'Machines active', 'number', counts.machines.length),
    figure('accesses', 'Accesses', 'number', counts.accesses, passedNote),
    figure('refusals', 'Refusals', 'number', counts.refusals, refusedNote),
    figure('failures', 'Failed tries to come in', 'number', counts.failures),
    figure('lockouts', 'Lock-outs', 'number', counts.of('second-factor-blocked')),
    figure('offHours', 'Accesses outside opening hours', 'number', off, offNote),
    figure('downloads', 'Downloads', 'number', downloads.count),
    figure('downloadBytes', 'Bytes downloaded', 'bytes', downloads.bytes),
    figure('downloadsRefused', 'Downloads kept back', 'number', downloads.refused),
    figure('alerts', 'Alerts', 'number', counts.of('alert')),
    figure('emergencies', 'Emergency accesses', 'number', counts.of('break-glass')),
    figure('emergencySignIns', 'Emergency sign-ins', 'number', counts.of('emergency-sign-in')),
  ];
}

function changeFigures({ people, privileges, configuration, sample }: MonthlyParts): Figure[] {
  const orders = privileges.requests.filter(({ event }) => event === 'order').length;
  const uncounted = configuration.total === null ? 'More than could be listed.' : null;
  return [
    figure('added', 'New on record', 'number', people.added),
    figure('removed', 'Cut off', 'number', people.removed),
    figure('privileges', 'Changes of privileges', 'number', privileges.requests.length - orders),
    figure('orders', 'Orders about people', 'number', orders),
    figure('configuration', 'Changes of rules and configuration', 'number', configuration.total, uncounted),
    figure('sample', 'Accesses to look at', 'number', sample.drawn, sampleNote(sample)),
  ];
}

function figure(key: string, title: string, type: ColumnType, value: Cell, note: string | null = null): Figure {
  return { key, title, type, value, note };
}

function sampleNote({ seed, drawn, wanted }: MonthlySample): string {
  const cut = wanted > drawn ? ` One in a hundred would be ${wanted}.` : '';
  return `Drawn by lot with seed ${seed}.${cut}`;
}

/** Null where no hours are configured. */
async function offHoursCount(
  { period: { since, until } }: ReportAsks,
  { clinic, records }: ReportSources,
): Promise<number | null> {
  const isOff = offHours(clinic.hours, clinic.timezone);
  if (isOff === null) return null;
  const { rows } = await records.tally({ since, until, event: 'outcome' }, ['quarter', 'decision']);
  const off = rows.filter(({ keys: [quarter, decision] }) => decision !== 'refused' && isOff(Number(quarter)));
  return off.reduce((sum, { count }) => sum + count, 0);
}
