// Many people open one patient's chart within a day: somebody everybody has heard of, on no list yet (Haga, 2019). Whoever has to
// do with a visit of the patient of these days, by schedule and roster, does not count.

import type { Detector } from './detector.ts';
import type { DetectorSettings } from './detector-settings.ts';
import { Recent } from './recent.ts';
import { spokenTime } from './spoken-time.ts';

/** Openings of one chart that are looked at together. */
const mostOfPatient = 1000;

export function patientSurge({ people: most, withinSeconds }: NonNullable<DetectorSettings['patient-surge']>): Detector {
  const recent = new Recent<string>(withinSeconds * 1000, mostOfPatient);
  return ({ event, person, patient, time }, told) => {
    if (event !== 'chart-opened' || person === null || patient === null) return null;
    if (told?.explanation?.state === 'explained' && told.explanation.near) return null;
    const people = new Set(recent.add(patient, time, person.key));
    if (people.size < most) return null;
    recent.forget(patient);
    return {
      detector: 'patient-surge',
      person: null,
      patient,
      words: `${people.size} people opened one patient's chart within ${spokenTime(withinSeconds)}`,
    };
  };
}
