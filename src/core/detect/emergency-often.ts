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
