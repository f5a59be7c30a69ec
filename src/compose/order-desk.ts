// Gives the orders of commands the parts that they work on.

import { systemRandomness } from '../adapters/randomness-system.ts';
import { didYouMean } from '../config/did-you-mean.ts';
import type { Settings } from '../config/settings.ts';
import type { RecertificationDesk } from '../control/recertification-desk.ts';
import type { ReviewDesk } from '../control/review-desk.ts';
import type { FactorHolder } from '../control/forget-factors.ts';
import { orders } from '../control/orders.ts';
import { takeOrder } from '../control/take-order.ts';
import type { ChangeClaims } from '../change-ports.ts';
import type { OperationsLog } from '../ports.ts';
import { newEmergencyCodes } from '../sign-in/emergency-code.ts';
import type { Parts } from './open-parts.ts';

export function orderDesk(
  { audit, clock, live, state, sessionLimits, disclosureRecorder, retention }: Parts,
  { signIn }: Settings,
  log: OperationsLog,
  claims: ChangeClaims,
  { recertification, reviews }: { readonly recertification: RecertificationDesk; readonly reviews: ReviewDesk },
): ReturnType<typeof takeOrder> {
  const { issuer } = signIn;
  const factorHolders = holders(state);
  const recordedToken = (id: string): string => state.patientTokens.recordedToken(id);
  const list = orders({
    ...state,
    audit,
    claims,
    recertification,
    reviewDesk: reviews,
    clock,
    holds: retention.holds,
    recordedToken,
    issuer,
    factorHolders,
    disclosureRecorder,
    randomness: systemRandomness,
    sessionLimits,
    running: (key) => live.count(key),
    nearest: didYouMean,
    emergencyPeople: signIn.emergency?.people ?? [],
    newEmergencyCodes: (person) => newEmergencyCodes(systemRandomness, person),
  });
  return takeOrder({ audit, clock, log, orders: list, recordedToken });
}

/** Everything by which people prove who they are beyond the password: a new kind is one more line here. */
function holders({ factors, passkeys, pins, remembered, emergency }: Parts['state']): readonly FactorHolder[] {
  return [
    { what: 'passkeys', forget: async ({ issuer, sub }) => passkeys.removeAll(issuer, sub) },
    {
      what: 'code from the phone',
      forget: async ({ issuer, sub }) => Number(await factors.remove(issuer, sub)),
    },
    { what: 'device PINs', forget: async ({ issuer, sub }) => pins.forgetPerson(issuer, sub) },
    { what: 'remembered devices', forget: async ({ issuer, sub }) => remembered.forgetPerson(issuer, sub) },
    { what: 'emergency codes', forget: async ({ issuer, sub }) => emergency.forgetCodes(issuer, sub) },
  ];
}
