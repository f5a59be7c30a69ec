// Gives the orders of commands the parts that they work on.

import { orders } from '../control/orders.ts';
import { takeOrder } from '../control/take-order.ts';
import type { OperationsLog } from '../ports.ts';
import type { Parts } from './open-parts.ts';

export function orderDesk({ audit, clock, state }: Parts, log: OperationsLog): ReturnType<typeof takeOrder> {
  return takeOrder({ audit, clock, log, orders: orders({ people: state.people }) });
}
