// Where people decide about what was, and sign for it: their desks, and the looks that these take by themselves.

import type { Settings } from '../config/settings.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { OperationsLog } from '../ports.ts';
import type { ChangesRecord } from './changes-record.ts';
import type { Parts } from './open-parts.ts';
import { caseDesk } from './cases.ts';
import { recertificationDesk } from './recertification.ts';
import { reviewDesk } from './reviews.ts';

export function reviewing(parts: Parts, settings: Settings, policy: () => Policy, changes: ChangesRecord, log: OperationsLog) {
  const asking = caseDesk(parts, settings, changes, policy, log);
  return {
    recertification: recertificationDesk(parts, settings, policy, log),
    reviews: reviewDesk(parts, settings, changes, policy, log, asking.cases),
    asking,
  };
}

/** One look each; call them every few seconds. */
export function looksOf(desks: Readonly<Record<'recertification' | 'reviews' | 'asking', { look(): unknown }>>) {
  return [desks.recertification, desks.reviews, desks.asking].map((desk) => async () => void (await desk.look()));
}
