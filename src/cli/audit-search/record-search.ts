// Puts a search on record before anything of it is shown. While the gateway runs it holds the log, and so it is asked to;
// else the command opens the log itself, as the gateway would.

import { systemClock } from '../../adapters/clock-system.ts';
import type { Settings } from '../../config/settings.ts';
import { auditEntry } from '../../core/audit/entry.ts';
import { orderLimits } from '../../core/control/read-order.ts';
import { askGateway } from '../control/ask-gateway.ts';
import { isStopped } from '../control/is-stopped.ts';
import { withOwnLog } from '../control/with-own-log.ts';
import { whoAsks } from '../control/who-asks.ts';

/** Commands that read the record, or who stands in it. */
export type SearchOrder = 'audit search' | 'audit reconcile' | 'report' | 'patients show';

/** Rejects where it cannot be recorded. `what` is in the words of the command line. */
export async function recordSearch(settings: Settings, what: string, order: SearchOrder = 'audit search'): Promise<void> {
  try {
    await askGateway(settings, { order, fields: { for: what.slice(0, orderLimits.field) } });
  } catch (cause) {
    if (!isStopped(cause)) throw cause;
    await recordAlone(settings, what, order);
  }
}

/** A gateway that runs after all holds the log, and then this rejects. */
export async function recordAlone(
  { audit }: Pick<Settings, 'audit'>,
  what: string,
  order: SearchOrder | 'patients import' | 'relations import',
): Promise<void> {
  await withOwnLog(audit, async (log) => {
    const detail = `"${order}" (${what}) by operating-system user "${whoAsks()}", while no gateway ran`;
    const receipt = await log.append(auditEntry('order', systemClock.now(), { decision: 'allowed', detail }));
    await receipt.durable;
  });
}
