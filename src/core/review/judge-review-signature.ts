// Whether a review may be signed now: every item has its disposition, what is signed is what was shown, nobody signs what is
// all about themselves, and the reviewer confirmed with a second factor after the last disposition and a moment ago.

import { isConfirmedAfter } from '../recertification/judge-signature.ts';
import type { AskedSignature } from '../recertification/judge-signature.ts';
import { isAbout } from './judge-disposal.ts';
import type { DisposingReviewer } from './judge-disposal.ts';
import type { Review } from './review.ts';

export type ReviewSignatureRefused =
  'signed' | 'unsigned-kind' | 'open-items' | 'edits-rules' | 'yourself' | 'changed' | 'not-confirmed';

/** Null where it may. */
export function judgeReviewSignature(
  review: Review,
  { person, editsRules }: DisposingReviewer,
  asked: AskedSignature,
): ReviewSignatureRefused | null {
  if (review.signedAt !== null) return 'signed';
  if (review.kind === 'emergency') return 'unsigned-kind';
  if (editsRules) return 'edits-rules';
  if (review.items.some(({ disposed }) => disposed === null)) return 'open-items';
  if (review.items.length > 0 && review.items.every((item) => isAbout(item, person))) return 'yourself';
  if (asked.shown !== asked.list) return 'changed';
  return isReviewConfirmed(review, asked) ? null : 'not-confirmed';
}

export function isReviewConfirmed(review: Review, asked: Pick<AskedSignature, 'confirmedAt' | 'now'>): boolean {
  return isConfirmedAfter(Math.max(review.preparedAt, ...review.items.map(({ disposed }) => disposed?.at ?? 0)), asked);
}
