// Gives the orders of commands the parts that they work on.

import { systemRandomness } from '../adapters/randomness-system.ts';
import { didYouMean } from '../config/did-you-mean.ts';
import type { Settings } from '../config/settings.ts';
import type { RecertificationDesk } from '../control/recertification-desk.ts';
import type { ReviewDesk } from '../control/review-desk.ts';
import { orders } from '../control/orders.ts';
import { takeOrder } from '../control/take-order.ts';
import type { ChangeClaims } from '../change-ports.ts';
import type { OperationsLog } from '../ports.ts';
import { newEmergencyCodes } from '../sign-in/emergency-code.ts';
import { endingNeeds } from './ending-needs.ts';
import type { Parts } from './open-parts.ts';

export function orderDesk(
  parts: Parts,
  { clinic, signIn }: Settings,
  log: OperationsLog,
  claims: ChangeClaims,
  { recertification, reviews }: { readonly recertification: RecertificationDesk; readonly reviews: ReviewDesk },
): ReturnType<typeof takeOrder> {
  const { audit, clock, state, sessionLimits, disclosureRecorder, retention } = parts;
  const { issuer } = signIn;
  const recordedToken = (id: string): string => state.patientTokens.recordedToken(id);
  const list = orders({
    ...state,
    ...endingNeeds(parts),
    audit,
    claims,
    recertification,
    reviewDesk: reviews,
    clock,
    holds: retention.holds,
    recordedToken,
    issuer,
    timezone: clinic.timezone,
    disclosureRecorder,
    randomness: systemRandomness,
    sessionLimits,
    nearest: didYouMean,
    emergencyPeople: signIn.emergency?.people ?? [],
    newEmergencyCodes: (person) => newEmergencyCodes(systemRandomness, person),
  });
  return takeOrder({ audit, clock, log, orders: list, recordedToken });
}
