// Which reviews are late, in sentences without their full stop.

import { isDone } from './review.ts';
import type { Review } from './review.ts';

const names = { triage: 'weekly triage', monthly: 'monthly review', emergency: 'review of the emergency access' } as const;

export function overdueReviews(reviews: readonly Review[], now: number): readonly Review[] {
  return reviews.filter((review) => !isDone(review) && now > review.dueAt);
}

export function overdueNotices(reviews: readonly Review[], now: number): readonly string[] {
  return overdueReviews(reviews, now).map(
    ({ kind, period, dueAt }) =>
      `The ${names[kind]} ${kind === 'emergency' ? `under record ${period}` : `of ${period}`} is late since ${new Date(dueAt).toISOString().slice(0, 10)}: /.wardgate/console/review/certified`,
  );
}
