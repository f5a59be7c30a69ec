// The exact text that a reviewer signs: the certificate. The record keeps its hash, so that a text that was changed afterwards
// fits nothing.

import type { Signature } from '../recertification/statement.ts';
import { isAbout } from './judge-disposal.ts';
import type { AlertCase, Review } from './review.ts';

export const certificateFormat = 'wardgate-review/1';

/** What the reviewer is shown before they sign. */
export function reviewText({ statement: _statement, signedAt: _signedAt, overdueAt: _overdueAt, ...review }: Review): string {
  return JSON.stringify(review);
}

/** The text that is kept and hashed. Exceptions are the items about the reviewer, which somebody else disposed of. */
export function certificateText(
  review: Review,
  cases: readonly AlertCase[],
  { reviewer, at, factor, checkpoint }: Signature,
): string {
  const exceptions = review.items
    .filter((item) => isAbout(item, reviewer))
    .map(({ number, disposed }) => ({ number, why: 'about the reviewer', by: disposed?.by.name ?? null }));
  const shown: unknown = JSON.parse(reviewText(review));
  return JSON.stringify({ format: certificateFormat, reviewer, at, factor, checkpoint, exceptions, cases, review: shown });
}
