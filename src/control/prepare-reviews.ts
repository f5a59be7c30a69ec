// Makes reviews by itself: of a week or a month once it is over and under a checkpoint, of an emergency access at once. Nobody
// chooses what is in them.

import { withinBusinessDay } from '../core/review/business-day.ts';
import type { BusinessCalendar } from '../core/review/business-day.ts';
import { drawSample, seedOf } from '../core/review/draw-sample.ts';
import type { ReviewCheckpoint, ReviewFacts } from '../core/review/review.ts';
import { writePrepared } from '../core/review/review-note.ts';
import type { ReviewPeriod } from '../core/review/review-period.ts';
import type { ReviewSettings } from '../core/review/review-settings.ts';
import type { ReviewStore } from '../review-ports.ts';
import { accessOf, gatherAccesses, gatherAlerts } from './gather-review.ts';
import type { Access, GatherNeeds, Gathered } from './gather-review.ts';
import { recordDurably } from './record-durably.ts';
import type { RecordDurablyNeeds } from './record-durably.ts';

export interface PreparingNeeds extends RecordDurablyNeeds, GatherNeeds, BusinessCalendar {
  readonly store: ReviewStore;
  readonly settings: ReviewSettings;
  /** SHA-256, hex. */
  readonly hash: (text: string) => string;
  /** The last of the access record; null where there is none yet. */
  readonly checkpoint: () => ReviewCheckpoint | null;
}

const dayMilliseconds = 86_400_000;
/** Emergency accesses that are older than this are left to the monthly review. */
const emergencyMilliseconds = 35 * dayMilliseconds;
const mostEmergencies = 200;

/** The review of a period that is over, unless there is one already, or the record is not yet that far. */
export async function prepareReview(
  needs: PreparingNeeds,
  kind: 'triage' | 'monthly',
  period: ReviewPeriod,
  withinSeconds: number,
): Promise<void> {
  const { store, clock, settings, hash, checkpoint } = needs;
  if ((await store.periods(kind, 1)).includes(period.name)) return;
  const under = checkpoint();
  const found = kind === 'triage' ? await gatherAlerts(needs, period) : await gatherAccesses(needs, period);
  // The checkpoint that gives the seed stands behind the period, and the index has read as far as it goes.
  if (under === null || found.last === null || under.size <= found.last + 1 || found.indexed + 1 < under.size) return;
  const id = `${kind}-${period.name}`;
  const seed = seedOf(id, under, hash);
  const drawn = kind === 'monthly' ? drawSample(found.accesses, settings.sampleSize, seed, hash) : null;
  const items = drawn?.items ?? found.accesses.toSorted((one, other) => one.record - other.record);
  const sample =
    drawn === null
      ? null
      : { seed, wanted: settings.sampleSize, size: drawn.items.length, checkpoint: under, strata: drawn.strata };
  const at = { preparedAt: clock.now(), dueAt: period.until + withinSeconds * 1000 };
  await begin(needs, { ...factsOf(id, kind, period, found), ...at, sample }, items);
}

export async function prepareEmergencies(needs: PreparingNeeds, now: number): Promise<void> {
  const { search, store } = needs;
  const { requests } = await search.search({ event: 'break-glass', since: now - emergencyMilliseconds }, mostEmergencies);
  const known = new Set(await store.periods('emergency', mostEmergencies));
  for (const one of requests.toReversed()) {
    const { sequence, time } = one;
    if (known.has(String(sequence))) continue;
    const item = accessOf(one, 'emergency', 'Emergency access');
    const charts = {
      records: 1,
      people: Number(item.person !== null),
      patients: Number(item.patient !== null),
      chartsOpened: 0,
    };
    const facts: ReviewFacts = {
      id: `emergency-${sequence}`,
      kind: 'emergency',
      period: String(sequence),
      since: time,
      until: time,
      preparedAt: now,
      dueAt: withinBusinessDay(time, needs),
      population: { ...charts, isCut: false },
      gaps: [],
      unwatchedMilliseconds: 0,
      sample: null,
    };
    await begin(needs, facts, [item]);
  }
}

async function begin(needs: PreparingNeeds, facts: ReviewFacts, accesses: readonly Access[]): Promise<void> {
  await recordDurably(needs, 'review-prepared', { detail: writePrepared(facts, accesses.length) });
  await needs.store.begin(
    facts,
    accesses.map((access, at) => ({ number: at + 1, ...access })),
  );
}

function factsOf(id: string, kind: 'triage' | 'monthly', { name, since, until }: ReviewPeriod, found: Gathered) {
  const { population, gaps, unwatchedMilliseconds } = found;
  return { id, kind, period: name, since, until, population, gaps, unwatchedMilliseconds };
}
