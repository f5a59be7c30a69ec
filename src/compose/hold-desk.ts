// The orders about holds alone, over a log that a command has opened because no gateway runs. The same orders, recorded the same
// way, as those of the running gateway.

import { AuditRetentionDesk } from '../adapters/audit-retention-desk.ts';
import { readRetentionState, stateFromRecord } from '../adapters/audit-retention-state.ts';
import { holdOrders } from '../control/hold-orders.ts';
import { takeOrder } from '../control/take-order.ts';
import type { TakeOrderNeeds } from '../control/take-order.ts';

/** `directories` hold the log, its first one the list of holds. Reads the whole log where that list is not there. */
export async function holdDesk(
  directories: readonly string[],
  needs: Omit<TakeOrderNeeds, 'orders'>,
): Promise<ReturnType<typeof takeOrder>> {
  const [primary = ''] = directories;
  const desk = new AuditRetentionDesk(primary, needs.audit, needs.clock);
  if (readRetentionState(primary) === 'absent')
    await desk.found(await stateFromRecord(directories, Infinity, () => Promise.resolve()));
  return takeOrder({ ...needs, orders: holdOrders({ holds: desk, recordedToken: needs.recordedToken }) });
}
