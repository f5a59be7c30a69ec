// Gives the orders of commands the parts that they work on.

import { systemRandomness } from '../adapters/randomness-system.ts';
import type { Settings } from '../config/settings.ts';
import { orders } from '../control/orders.ts';
import { takeOrder } from '../control/take-order.ts';
import type { OperationsLog } from '../ports.ts';
import { newEmergencyCodes } from '../sign-in/emergency-code.ts';
import type { Parts } from './open-parts.ts';

export function orderDesk(
  { audit, clock, state }: Parts,
  { signIn }: Settings,
  log: OperationsLog,
): ReturnType<typeof takeOrder> {
  const { people, emergency } = state;
  const needs = {
    people,
    emergency,
    emergencyPeople: signIn.emergency?.people ?? [],
    newEmergencyCodes: (person: { issuer: string; sub: string }) => newEmergencyCodes(systemRandomness, person),
    clock,
  };
  return takeOrder({ audit, clock, log, orders: orders(needs) });
}
