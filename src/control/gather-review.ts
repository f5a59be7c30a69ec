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
  const sum = new Sum();
  const isCut = await each(needs, { event: 'alert' }, period, (one) => {
    sum.add(accessOf(one, one.reason ?? 'alert', one.detail ?? ''));
  });
  return gathered(needs, period, sum, isCut);
}

export async function gatherAccesses(needs: GatherNeeds, period: ReviewPeriod): Promise<Gathered> {
  const sum = new Sum();
  let anyCut = false;
  for (const query of drawnFrom) {
    const isCut = await each(needs, query, period, (one) => {
      const { weekday, minute } = needs.localTime(one.time);
      const kind = accessKind(one, needs.hours.length === 0 || withinHours(needs.hours, weekday, minute));
      if (kind !== null && one.subject !== null) sum.add(accessOf(one, kind, wordsOf(one)));
    });
    anyCut ||= isCut;
  }
  return gathered(needs, period, sum, anyCut);
}

/** Adds up page by page, so that no long list is gone through at once. */
class Sum {
  readonly accesses = new Map<number, Access>();
  readonly people = new Set<string>();
  readonly patients = new Set<string>();
  chartsOpened = 0;

  add(access: Access): void {
    const { record, person, patient, kind } = access;
    if (this.accesses.has(record)) return;
    this.accesses.set(record, access);
    if (person !== null) this.people.add(`${person.issuer} ${person.sub}`);
    if (patient !== null) this.patients.add(patient);
    this.chartsOpened += Number(kind === 'chart' || kind === 'after-hours');
  }
}

async function gathered({ search }: GatherNeeds, { since, until }: ReviewPeriod, sum: Sum, isCut: boolean): Promise<Gathered> {
  const { records, gaps, unwatchedMilliseconds } = await search.watch(since, until);
  const [people, patients] = [sum.people.size, sum.patients.size];
  return {
    accesses: [...sum.accesses.values()],
    population: { records: records?.count ?? 0, people, patients, chartsOpened: sum.chartsOpened, isCut },
    gaps: gaps.map(({ kind, from, until: to }) => ({ kind, from, until: to })),
    unwatchedMilliseconds,
  };
}

/** True where there were more. */
async function each(
  { search }: GatherNeeds,
  query: RecordQuery,
  { since, until }: ReviewPeriod,
  take: (one: FoundRequest) => void,
): Promise<boolean> {
  let next: number | null = null;
  let count = 0;
  do {
    const page = await search.search({ ...query, since, until, ...(next !== null && { before: next }) }, pageRequests);
    for (const one of page.requests) take(one);
    count += page.requests.length;
    ({ next } = page);
  } while (next !== null && count < mostAccesses);
  return next !== null;
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
