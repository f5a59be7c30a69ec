// Gives the recertification the parts it works on.

import { hash } from 'node:crypto';
import { systemClock } from '../adapters/clock-system.ts';
import { clinicTime } from '../adapters/clinic-time.ts';
import { systemRandomness } from '../adapters/randomness-system.ts';
import { reportEvidence } from '../adapters/report-evidence.ts';
import type { Settings } from '../config/settings.ts';
import { RecertificationDesk } from '../control/recertification-desk.ts';
import type { Policy } from '../core/policy/policy.ts';
import { readingsOf } from '../core/rights/readings-of.ts';
import type { OperationsLog } from '../ports.ts';
import type { Parts } from './open-parts.ts';

export function recertificationDesk(
  { audit, clock, search, state }: Parts,
  { applications, audit: settings, clinic }: Settings,
  policy: () => Policy,
  log: OperationsLog,
): RecertificationDesk {
  const times = clinicTime(clinic.timezone);
  return new RecertificationDesk({
    audit,
    clock,
    shared: state.shared,
    store: state.recertifications,
    people: state.people,
    search,
    policy,
    readingsOf: readingsOf(applications),
    hash: (text) => hash('sha256', text, 'hex'),
    newId: () => systemRandomness.id(),
    checkpoint: () => reportEvidence(settings.directory, [], systemClock, null).checkpoint,
    localDay: (now) => times.localDay(now),
    due: settings.recertification,
    onFailed: (cause) => log.error({ error: String(cause) }, 'What became of the last recertification could not be looked at'),
  });
}
