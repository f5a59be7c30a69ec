// Gathers from the index what a review is about: the alerts of a week, the accesses of a month that a sample is drawn from,
// and how much of the time was on record.

import { accessKind } from '../core/review/access-kind.ts';
import { withinHours } from '../core/policy/hours.ts';
import type { HoursSpan } from '../core/policy/policy.ts';
import type { CoverageGap, Population, ReviewItemFacts } from '../core/review/review.ts';
import type { ReviewPeriod } from '../core/review/review-period.ts';
import type { ReportRecords } from '../report-ports.ts';
import type { FoundRequest, RecordQuery } from '../search-ports.ts';

export interface GatherNeeds {
  readonly search: Pick<ReportRecords, 'search' | 'watch'>;
  /** Empty: the clinic is always open. */
  readonly hours: readonly HoursSpan[];
  readonly localTime: (at: number) => { readonly weekday: number; readonly minute: number };
}

export type Access = Omit<ReviewItemFacts, 'number'>;

export interface Gathered {
  readonly accesses: readonly Access[];
  readonly population: Population;
  readonly gaps: readonly CoverageGap[];
  readonly unwatchedMilliseconds: number;
  /** Number of the last record of the period; null where it has none. */
  readonly last: number | null;
  readonly indexed: number;
}

const pageRequests = 1000;
/** Accesses of one sort that a sample is drawn from. */
const mostAccesses = 200_000;
const mostWords = 300;

const drawnFrom: readonly RecordQuery[] = [
  { event: 'break-glass' },
  { decision: 'refused' },
  { download: true },
  { event: 'chart-opened' },
];

export async function gatherAlerts(needs: GatherNeeds, period: ReviewPeriod): Promise<Gathered> {
  const { found, isCut } = await all(needs, { event: 'alert' }, period);
  const accesses = found.map((one) => accessOf(one, one.reason ?? 'alert', one.detail ?? ''));
  return gathered(needs, period, accesses, isCut);
}

export async function gatherAccesses(needs: GatherNeeds, period: ReviewPeriod): Promise<Gathered> {
  const accesses = new Map<number, Access>();
  let anyCut = false;
  for (const query of drawnFrom) {
    const { found, isCut } = await all(needs, query, period);
    anyCut ||= isCut;
    for (const one of found) {
      const { weekday, minute } = needs.localTime(one.time);
      const kind = accessKind(one, needs.hours.length === 0 || withinHours(needs.hours, weekday, minute));
      if (kind !== null && one.subject !== null) accesses.set(one.sequence, accessOf(one, kind, wordsOf(one)));
    }
  }
  return gathered(needs, period, [...accesses.values()], anyCut);
}

async function gathered(
  { search }: GatherNeeds,
  { since, until }: ReviewPeriod,
  accesses: readonly Access[],
  isCut: boolean,
): Promise<Gathered> {
  const { records, gaps, unwatchedMilliseconds, indexed } = await search.watch(since, until);
  const people = new Set(accesses.flatMap(({ person }) => (person === null ? [] : [`${person.issuer} ${person.sub}`])));
  return {
    accesses,
    population: {
      records: records?.count ?? 0,
      people: people.size,
      patients: new Set(accesses.flatMap(({ patient }) => patient ?? [])).size,
      chartsOpened: accesses.filter(({ kind }) => kind === 'chart' || kind === 'after-hours').length,
      isCut,
    },
    gaps: gaps.map(({ kind, from, until: to }) => ({ kind, from, until: to })),
    unwatchedMilliseconds,
    last: records?.last ?? null,
    indexed,
  };
}

async function all({ search }: GatherNeeds, query: RecordQuery, { since, until }: ReviewPeriod) {
  const found: FoundRequest[] = [];
  let next: number | null = null;
  do {
    const page = await search.search({ ...query, since, until, ...(next !== null && { before: next }) }, pageRequests);
    found.push(...page.requests);
    ({ next } = page);
  } while (next !== null && found.length < mostAccesses);
  return { found, isCut: next !== null };
}

/** What an item is made of. */
export function accessOf({ sequence, time, subject, person, roles, patient }: FoundRequest, kind: string, words: string): Access {
  const who = subject === null ? null : { ...subject, name: person ?? '' };
  return { record: sequence, time, person: who, roles: roles ?? 'none', kind, patient, words: words.slice(0, mostWords) };
}

function wordsOf({ event, method, target, rule, reason, category, detail }: FoundRequest): string {
  if (event === 'break-glass') return 'Emergency access';
  const what = target === null ? (detail ?? event) : `${method ?? 'GET'} ${target}`;
  return [what, rule === null ? null : `rule ${rule}`, category, reason].filter((one) => one !== null).join(', ');
}
