// Many people open one patient's chart within a day: somebody everybody has heard of, on no list yet (Haga, 2019).

import type { Detector } from './detector.ts';
import { Recent } from './recent.ts';

const withinMilliseconds = 24 * 3_600_000;
const atLeast = 8;

export function patientSurge(): Detector {
  const recent = new Recent<string>(withinMilliseconds, 64);
  return ({ event, person, patient, time }) => {
    if (event !== 'chart-opened' || person === null || patient === null) return null;
    const people = new Set(recent.add(patient, time, person.key));
    if (people.size < atLeast) return null;
    recent.forget(patient);
    return {
      detector: 'patient-surge',
      person: null,
      patient,
      words: `${people.size} people opened one patient's chart within 24 hours`,
    };
  };
}
