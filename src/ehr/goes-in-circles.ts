// Whether an ended session at the EHR is opened by itself once more, or would end and open for ever.

import type { EhrStanding } from '../ehr-ports.ts';

/** Two sign-ons within this time, and an ended session is not opened by itself once more. */
const circleMilliseconds = 30_000;

/**
 * One sign-on right after another is what loading a page again takes whose address is good once; a third is a circle. A
 * clock that was set back must keep nobody out.
 */
export function goesInCircles({ signedOnBefore }: EhrStanding, now: number): boolean {
  return signedOnBefore !== undefined && now >= signedOnBefore && now - signedOnBefore < circleMilliseconds;
}
