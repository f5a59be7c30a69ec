// A record each minute that the log is alive and complete, so that silence in it is evidence: no quarter of an hour can be
// taken out as one in which nothing happened.

import { auditEntry } from '../core/audit/entry.ts';
import { heartbeatNote } from '../core/audit/heartbeat-note.ts';
import type { AuditLog, Clock } from '../ports.ts';

export interface HeartbeatNeeds {
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** SHA-256 of the rules in force. */
  readonly policy: () => string;
  readonly onLost: (cause: unknown) => void;
}

/** One beat; call it every minute. It never rejects: while nothing can be recorded, the gap tells of itself. */
export function heartbeat({ audit, clock, policy, onLost }: HeartbeatNeeds): () => Promise<void> {
  const begun = clock.now() - clock.monotonic();
  let [last, missed] = [0, 0];
  return async () => {
    const now = clock.now();
    const driftMilliseconds = Math.round(now - clock.monotonic() - begun);
    const detail = heartbeatNote({ after: last, missed, driftMilliseconds });
    try {
      const { sequence } = await audit.append(auditEntry('heartbeat', now, { policy: policy().slice(0, 16), detail }));
      [last, missed] = [sequence, 0];
    } catch (cause) {
      missed += 1;
      onLost(cause);
    }
  };
}
