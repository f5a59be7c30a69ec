// Makes reviews by itself: of every week and month once it is over and under a checkpoint, of an emergency access at once. Nobody
// chooses what is in them.

import { logPlace } from '../core/audit/record-number.ts';
import { withinBusinessDay } from '../core/review/business-day.ts';
import type { BusinessCalendar } from '../core/review/business-day.ts';
import { seedOf } from '../core/review/draw-sample.ts';
import { pastPeriods } from '../core/review/review-period.ts';
import type { ReviewCheckpoint, ReviewFacts } from '../core/review/review.ts';
import { writePrepared } from '../core/review/review-note.ts';
import type { PeriodKind, ReviewPeriod } from '../core/review/review-period.ts';
import type { ReviewSettings } from '../core/review/review-settings.ts';
import type { ReviewStore } from '../review-ports.ts';
import type { FoundRequest } from '../search-ports.ts';
import type { SharedParts } from '../shared-ports.ts';
import { amongGateways } from './among-gateways.ts';
import { drawInSlices } from './draw-in-slices.ts';
import { accessOf, gatherAccesses, gatherAlerts } from './gather-review.ts';
import type { Access, GatherNeeds, Gathered } from './gather-review.ts';
import { recordDurably } from './record-durably.ts';
import type { RecordDurablyNeeds } from './record-durably.ts';

export interface PreparingNeeds extends RecordDurablyNeeds, GatherNeeds, BusinessCalendar {
  readonly store: ReviewStore;
  readonly settings: ReviewSettings;
  /** Of the last 35 days. More are told of, and the oldest of them have no review. */
  readonly mostEmergencies: number;
  /** SHA-256, hex. */
  readonly hash: (text: string) => string;
  /** The last of the access record; null where there is none yet. */
  readonly checkpoint: () => ReviewCheckpoint | null;
  /** The tree over so many records from the first on; null while no checkpoint covers them. */
  readonly treeOf: (size: number) => ReviewCheckpoint | null;
  /** Absent: this gateway is alone. */
  readonly shared?: Pick<SharedParts, 'turns' | 'leadership'>;
}

const dayMilliseconds = 86_400_000;
/** Emergency accesses that are older than this are left to the monthly review. */
const emergencyMilliseconds = 35 * dayMilliseconds;
const pageEmergencies = 1000;
const mostKnown = 60;
/** Behind a period something is on record within the minute, unless the gateway was down: looked for ever further. */
const spans = [3_600_000, dayMilliseconds, 10 * dayMilliseconds, 400 * dayMilliseconds];

/** The reviews of periods that are over, the oldest first: the last one, and those missed since there was a first. */
export async function prepareMissed(needs: PreparingNeeds, kind: PeriodKind, withinSeconds: number): Promise<void> {
  const { store, clock, localDay } = needs;
  const known = await store.periods(kind, mostKnown);
  const periods = pastPeriods(kind, clock.now(), localDay);
  const oldest = known.at(-1) ?? periods.at(-1)?.name ?? '';
  for (const period of periods)
    if (period.name >= oldest && !known.includes(period.name)) await prepareReview(needs, kind, period, withinSeconds);
}

/** Unless nothing of it is on record, or the record is not yet that far. */
async function prepareReview(
  needs: PreparingNeeds,
  kind: PeriodKind,
  period: ReviewPeriod,
  withinSeconds: number,
): Promise<void> {
  const { clock, settings, hash, search } = needs;
  const { requests } = await search.search({ since: period.since, until: period.until }, 1);
  const under = requests.length === 0 ? null : await seedTree(needs, period);
  if (under === null) return;
  const found = kind === 'triage' ? await gatherAlerts(needs, period) : await gatherAccesses(needs, period);
  const id = `${kind}-${period.name}`;
  const seed = seedOf(id, under, hash);
  const drawn = kind === 'monthly' ? await drawInSlices(found.accesses, settings.sampleSize, seed, hash) : null;
  const items = drawn?.items ?? found.accesses.toSorted((one, other) => one.record - other.record);
  const sample =
    drawn === null
      ? null
      : { seed, wanted: settings.sampleSize, size: drawn.items.length, checkpoint: under, strata: drawn.strata };
  const at = { preparedAt: clock.now(), dueAt: period.until + withinSeconds * 1000 };
  await begin(needs, { ...factsOf(id, kind, period, found), ...at, sample }, items);
}

/**
 * The tree that gives the seed: over everything in this gateway's log up to its first record behind the period. There is exactly one, so that nobody
 * can wait for another; null while it is not under a checkpoint.
 */
export async function seedTree({ search, clock, treeOf }: PreparingNeeds, { until }: Pick<ReviewPeriod, 'until'>) {
  const now = clock.now();
  for (const span of spans) {
    const { ownRecords } = await search.watch(until, Math.min(now, until + span));
    if (ownRecords !== null) return treeOf(logPlace(ownRecords.first).sequence);
    if (until + span >= now) break;
  }
  return null;
}

/** Null, or where there were more than are looked at, the time of the oldest that was: those before it have no review. */
export async function prepareEmergencies(needs: PreparingNeeds, now: number): Promise<number | null> {
  const { accesses, isCut } = await emergencies(needs, now);
  const known = new Set(await needs.store.periods('emergency', 2 * needs.mostEmergencies));
  for (const one of accesses.toReversed()) if (!known.has(String(one.sequence))) await prepareEmergency(needs, one, now);
  return isCut ? (accesses.at(-1)?.time ?? null) : null;
}

/** The newest first, page by page. */
async function emergencies({ search, mostEmergencies }: PreparingNeeds, now: number) {
  const accesses: FoundRequest[] = [];
  let next: number | null = null;
  do {
    const asked = { event: 'break-glass', since: now - emergencyMilliseconds, ...(next !== null && { before: next }) };
    const page = await search.search(asked, Math.min(pageEmergencies, mostEmergencies - accesses.length));
    accesses.push(...page.requests);
    ({ next } = page);
  } while (next !== null && accesses.length < mostEmergencies);
  return { accesses, isCut: next !== null };
}

async function prepareEmergency(needs: PreparingNeeds, one: FoundRequest, now: number): Promise<void> {
  const { sequence, time } = one;
  const item = accessOf(one, 'emergency', 'Emergency access');
  const [people, patients] = [Number(item.person !== null), Number(item.patient !== null)];
  const facts: ReviewFacts = {
    id: `emergency-${sequence}`,
    kind: 'emergency',
    period: String(sequence),
    since: time,
    until: time,
    preparedAt: now,
    dueAt: withinBusinessDay(time, needs),
    population: { records: 1, people, patients, chartsOpened: 0, isCut: false },
    gaps: [],
    unwatchedMilliseconds: 0,
    sample: null,
  };
  await begin(needs, facts, [item]);
}

async function begin(needs: PreparingNeeds, facts: ReviewFacts, accesses: readonly Access[]): Promise<void> {
  await amongGateways(needs.shared?.turns, 'reviews', async () => {
    // The gateway that led until a moment ago may have made it; what was drawn first stays.
    if ((await needs.store.find(facts.id)) !== null) return;
    await recordDurably(needs, 'review-prepared', { detail: writePrepared(facts, accesses.length) });
    await needs.store.begin(
      facts,
      accesses.map((access, at) => ({ number: at + 1, ...access })),
    );
  });
}

function factsOf(id: string, kind: 'triage' | 'monthly', { name, since, until }: ReviewPeriod, found: Gathered) {
  const { population, gaps, unwatchedMilliseconds } = found;
  return { id, kind, period: name, since, until, population, gaps, unwatchedMilliseconds };
}
