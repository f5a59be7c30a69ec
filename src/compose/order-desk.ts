// Gives the orders of commands the parts that they work on.

import { didYouMean } from '../config/did-you-mean.ts';
import type { Settings } from '../config/settings.ts';
import type { FactorHolder } from '../control/forget-factors.ts';
import { orders } from '../control/orders.ts';
import { takeOrder } from '../control/take-order.ts';
import type { OperationsLog } from '../ports.ts';
import type { Parts } from './open-parts.ts';

export function orderDesk(
  { audit, clock, state }: Parts,
  { signIn }: Settings,
  log: OperationsLog,
): ReturnType<typeof takeOrder> {
  const { issuer } = signIn;
  const factorHolders = holders(state);
  const list = orders({ ...state, audit, clock, issuer, factorHolders, nearest: didYouMean });
  return takeOrder({ audit, clock, log, orders: list });
}

/** Everything by which people prove who they are beyond the password: a new kind is one more line here. */
function holders({ factors, passkeys }: Parts['state']): readonly FactorHolder[] {
  return [
    { what: 'passkeys', forget: async ({ issuer, sub }) => passkeys.removeAll(issuer, sub) },
    {
      what: 'code from the phone',
      forget: async ({ issuer, sub }) => Number(await factors.remove(issuer, sub)),
    },
  ];
}
