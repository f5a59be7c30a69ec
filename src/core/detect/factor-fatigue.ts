// The second factor is refused or runs out again and again, and then once it is given: somebody has the password, and the person
// gave in, or it was guessed.

import { failedAttempts } from '../audit/failed-attempts.ts';
import type { Detector } from './detector.ts';
import type { DetectorSettings } from './detector-settings.ts';
import { Recent } from './recent.ts';
import { spokenTime } from './spoken-time.ts';

const failures: ReadonlySet<string> = new Set(failedAttempts);
const successes: ReadonlySet<string> = new Set(['sign-in', 'second-factor', 'step-up']);

export function factorFatigue({ attempts, withinSeconds }: NonNullable<DetectorSettings['factor-fatigue']>): Detector {
  const recent = new Recent<boolean>(withinSeconds * 1000, attempts + 1);
  return ({ event, person, time }) => {
    const succeeded = successes.has(event);
    if (person === null || (!succeeded && !failures.has(event))) return null;
    const failed = recent.add(person.key, time, !succeeded).filter((one) => one).length;
    if (!succeeded) return null;
    recent.forget(person.key);
    if (failed < attempts) return null;
    const words = `Came in after ${failed} failed attempts within ${spokenTime(withinSeconds)}`;
    return { detector: 'factor-fatigue', person, patient: null, words };
  };
}
