// Opens the access record for a command where no gateway runs. One that runs after all holds it, and then this rejects.

import { randomBytes } from 'node:crypto';
import { openAuditLog } from '../../adapters/audit-log-file.ts';
import { systemClock } from '../../adapters/clock-system.ts';
import type { Settings } from '../../config/settings.ts';
import type { AuditLog } from '../../ports.ts';

/** What goes wrong is thrown. */
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

export async function withOwnLog<T>(audit: Settings['audit'], work: (log: AuditLog) => Promise<T>): Promise<T> {
  const boot = randomBytes(6).toString('base64url');
  const log = await openAuditLog({ ...audit, boot, clock: systemClock, log: quiet });
  try {
    return await work(log);
  } finally {
    await log.close();
  }
}
