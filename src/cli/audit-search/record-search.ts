// Puts a search on record before anything of it is shown. While the gateway runs it holds the log, and so it is asked to;
// else the command opens the log itself, as the gateway would.

import { randomBytes } from 'node:crypto';
import { openAuditLog } from '../../adapters/audit-log-file.ts';
import { systemClock } from '../../adapters/clock-system.ts';
import type { Settings } from '../../config/settings.ts';
import { auditEntry } from '../../core/audit/entry.ts';
import { orderLimits } from '../../core/control/read-order.ts';
import { askGateway } from '../control/ask-gateway.ts';
import { whoAsks } from '../control/who-asks.ts';

/** Commands that read the record. */
export type SearchOrder = 'audit search' | 'audit reconcile' | 'report';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Rejects where it cannot be recorded. `what` is in the words of the command line. */
export async function recordSearch(settings: Settings, what: string, order: SearchOrder = 'audit search'): Promise<void> {
  try {
    await askGateway(settings, { order, fields: { for: what.slice(0, orderLimits.field) } });
  } catch (cause) {
    if (!isStopped(cause)) throw cause;
    await recordAlone(settings, what, order);
  }
}

/** Whether the gateway was not reached because none runs. */
export function isStopped(cause: unknown): boolean {
  const below = cause instanceof Error ? cause.cause : null;
  return below instanceof Error && 'code' in below && (below.code === 'ENOENT' || below.code === 'ECONNREFUSED');
}

/** A gateway that runs after all holds the log, and then this rejects. */
async function recordAlone({ audit }: Settings, what: string, order: SearchOrder): Promise<void> {
  const boot = randomBytes(6).toString('base64url');
  const log = await openAuditLog({ ...audit, boot, clock: systemClock, log: quiet });
  try {
    const detail = `"${order}" (${what}) by operating-system user "${whoAsks()}", while no gateway ran`;
    const receipt = await log.append(auditEntry('order', systemClock.now(), { decision: 'allowed', detail }));
    await receipt.durable;
  } finally {
    await log.close();
  }
}
