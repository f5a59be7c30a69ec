// Emergency access that has become a habit. Where it is needed every day, the rules are wrong, not the person.

import type { Detector } from './detector.ts';
import { Recent } from './recent.ts';

const withinMilliseconds = 7 * 24 * 3_600_000;
const atLeast = 3;

export function emergencyOften(): Detector {
  const recent = new Recent<null>(withinMilliseconds, atLeast);
  return ({ event, person, time }) => {
    if (event !== 'break-glass' || person === null) return null;
    if (recent.add(person.key, time, null).length < atLeast) return null;
    recent.forget(person.key);
    const words = `Emergency access opened ${atLeast} times within a week`;
    return { detector: 'emergency-access-often', person, patient: null, words };
  };
}
