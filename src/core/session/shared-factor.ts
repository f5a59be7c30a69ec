// The second factor that somebody showed at one application, as it counts at another for the same browser: as it is, with the
// time it was shown, so that it is no fresher there. One that was only remembered was never shown, and counts where it is
// remembered.

import type { FactorEvidence, Session } from './session.ts';

/** Null where it has to be asked for. */
export function sharedFactor({ factor }: Pick<Session, 'factor'>, isAllowed: boolean): FactorEvidence | null {
  return isAllowed && factor.method !== 'remembered' ? factor : null;
}
