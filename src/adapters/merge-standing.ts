// One standing at an EHR that two gateways changed at once: the later sign-on counts, an end stays an end, and of one
// sign-on the cookies of both.

import { emptyJar, mergeJars } from '../core/ehr/jar.ts';
import type { EhrStanding } from '../ehr-ports.ts';

/** `stored`: what another gateway wrote; `before`: what this one knew of the row; `mine`: what it made of it. */
export function mergeStanding(stored: EhrStanding, before: EhrStanding | null, mine: EhrStanding): EhrStanding {
  if (stored.generation !== mine.generation) return stored.generation > mine.generation ? stored : mine;
  if (stored.standing === 'ended') return stored;
  if (mine.standing === 'ended') return mine;
  // Of two sign-ons that did not know of each other the one that was written first counts; whoever made the other sees that.
  const isOther = mine.generation > 0 && (stored.signedOnAt !== mine.signedOnAt || stored.standing !== mine.standing);
  if (isOther) return stored;
  const known = before?.generation === mine.generation ? before.jar : emptyJar;
  return { ...mine, signedOnAt: stored.signedOnAt, jar: mergeJars(stored.jar, known, mine.jar) };
}
