// What the console is handed beside the record: the traffic of now, and the rules in force to be asked. Decides nothing.

import { clinicTime } from '../adapters/clinic-time.ts';
import { systemRandomness } from '../adapters/randomness-system.ts';
import { healthParts } from './health-parts.ts';
import { rulesAsked } from './rules-asked.ts';
import type { Settings } from '../config/settings.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { Parts } from './open-parts.ts';

export function consoleParts(parts: Parts, settings: Settings, policy: () => Policy) {
  const { clock, traffic } = parts;
  const time = clinicTime(settings.clinic.timezone);
  return {
    traffic,
    randomness: systemRandomness,
    people: parts.state.people,
    recordedToken: (id: string) => parts.state.patientTokens.recordedToken(id),
    health: () => healthParts(parts, settings),
    rulesInForce: rulesAsked({ settings, policy, localTime: () => time.localTime(clock.now()) }),
  };
}
