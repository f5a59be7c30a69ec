// What alerts.yaml says about reviews.

export interface ReviewSettings {
  /** How late they may be signed behind their period; null where there are none. */
  readonly triageWithinSeconds: number | null;
  readonly monthlyWithinSeconds: number | null;
  /** Accesses drawn at least, where there are so many. */
  readonly sampleSize: number;
  /** `2026-12-25`. */
  readonly holidays: readonly string[];
  /** Login name of whoever takes what concerns a reviewer. */
  readonly deputy: string | null;
}

const daySeconds = 86_400;

export const usualReview: ReviewSettings = {
  triageWithinSeconds: 3 * daySeconds,
  monthlyWithinSeconds: 10 * daySeconds,
  sampleSize: 25,
  holidays: [],
  deputy: null,
};
