// Which reviews are late, in sentences without their full stop.

import { recordName } from '../audit/record-number.ts';
import { isDone } from './review.ts';
import type { Review } from './review.ts';

const names = { triage: 'weekly triage', monthly: 'monthly review', emergency: 'review of the emergency access' } as const;

export function overdueReviews(reviews: readonly Review[], now: number): readonly Review[] {
  return reviews.filter((review) => !isDone(review) && now > review.dueAt);
}

/** So many are told one by one. */
const mostNamed = 20;
const where = '/.wardgate/console/review/certified';

export function overdueNotices(reviews: readonly Review[], now: number): readonly string[] {
  const late = overdueReviews(reviews, now);
  const more = late.length - mostNamed;
  const named = late.slice(0, mostNamed).map(({ kind, period, dueAt }) => {
    const which = `${names[kind]} ${kind === 'emergency' ? `under record ${recordName(Number(period))}` : `of ${period}`}`;
    return `The ${which} is late since ${new Date(dueAt).toISOString().slice(0, 10)}: ${where}`;
  });
  return more > 0 ? [...named, `So ${more === 1 ? 'is one more' : `are ${more} more`}: ${where}`] : named;
}
