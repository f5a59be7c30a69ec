// A record each minute that the log is alive and complete, so that silence in it is evidence: no quarter of an hour can be
// taken out as one in which nothing happened.

import { auditEntry } from '../core/audit/entry.ts';
import { logPlace } from '../core/audit/record-number.ts';
import { heartbeatNote, stepOf } from '../core/audit/heartbeat-note.ts';
import type { ClockStep } from '../core/audit/heartbeat-note.ts';
import type { AuditLog, Clock } from '../ports.ts';

/** Counted from the start of the process. */
export interface HeartbeatCounts {
  readonly requests: number;
  readonly refusals: number;
  readonly records: number;
}

export interface HeartbeatNeeds {
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** SHA-256 of the rules in force. */
  readonly policy: () => string;
  readonly counts: () => HeartbeatCounts;
  /** Sessions open now. */
  readonly sessions: () => number;
  /** Records under the last checkpoint, and seconds since one reached an anchor off this machine (infinite without). */
  readonly tree: () => { readonly size: number; readonly anchorAgeSeconds: number };
  readonly onLost: (cause: unknown) => void;
}

/** One beat; call it every minute. It never rejects: while nothing can be recorded, the gap tells of itself. */
export function heartbeat(needs: HeartbeatNeeds): () => Promise<void> {
  const { audit, clock, policy, onLost } = needs;
  const begun = clock.now() - clock.monotonic();
  let [last, missed, drift] = [0, 0, 0];
  let step: ClockStep | null = null;
  let before: HeartbeatCounts = { requests: 0, refusals: 0, records: 0 };
  return async () => {
    const now = clock.now();
    const driftMilliseconds = Math.round(now - clock.monotonic() - begun);
    step = stepOf(drift, driftMilliseconds, new Date(now).toISOString(), step);
    drift = driftMilliseconds;
    const counts = needs.counts();
    const { size, anchorAgeSeconds } = needs.tree();
    const detail = heartbeatNote({
      after: last,
      missed,
      requests: counts.requests - before.requests,
      refusals: counts.refusals - before.refusals,
      records: counts.records - before.records,
      sessions: needs.sessions(),
      treeSize: size,
      anchorAgeSeconds: Number.isFinite(anchorAgeSeconds) ? Math.max(0, Math.round(anchorAgeSeconds)) : null,
      driftMilliseconds,
      step,
    });
    try {
      const { sequence } = await audit.append(auditEntry('heartbeat', now, { policy: policy().slice(0, 16), detail }));
      // What it says stands in its own log, and is counted as that counts.
      [last, missed, before] = [logPlace(sequence).sequence, 0, counts];
    } catch (cause) {
      missed += 1;
      onLost(cause);
    }
  };
}
