// Emergency access that has become a habit. Where it is needed every day, the rules are wrong, not the person.

import type { Detector } from './detector.ts';
import type { DetectorSettings } from './detector-settings.ts';
import { Recent } from './recent.ts';
import { spokenTime } from './spoken-time.ts';

export function emergencyOften({ times, withinSeconds }: NonNullable<DetectorSettings['emergency-access-often']>): Detector {
  const recent = new Recent<null>(withinSeconds * 1000, times);
  return ({ event, person, time }) => {
    if (event !== 'break-glass' || person === null) return null;
    if (recent.add(person.key, time, null).length < times) return null;
    recent.forget(person.key);
    const words = `Emergency access opened ${times} times within ${spokenTime(withinSeconds)}`;
    return { detector: 'emergency-access-often', person, patient: null, words };
  };
}

/** The same person and the same patient: a relationship that should stand in the schedule, or a look that comes back. */
export function emergencySamePatient({
  times,
  withinSeconds,
}: NonNullable<DetectorSettings['emergency-same-patient']>): Detector {
  const recent = new Recent<null>(withinSeconds * 1000, times);
  return ({ event, person, patient, time }) => {
    if (event !== 'break-glass' || person === null || patient === null) return null;
    const key = `${person.key}\n${patient}`;
    if (recent.add(key, time, null).length < times) return null;
    recent.forget(key);
    const words = `Emergency access to the same patient opened ${times} times within ${spokenTime(withinSeconds)}`;
    return { detector: 'emergency-same-patient', person, patient, words };
  };
}
