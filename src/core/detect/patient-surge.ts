// Many people open one patient's chart within a day: somebody everybody has heard of, on no list yet (Haga, 2019). Whoever has to
// do with a visit of the patient of these days, by schedule and roster, does not count. Where charts that many people open are
// usual, it takes more than the busiest chart of nine in ten days had.

import type { Detector } from './detector.ts';
import type { DetectorSettings } from './detector-settings.ts';
import { Recent } from './recent.ts';
import { fewestFigures } from './usual.ts';
import { spokenTime } from './spoken-time.ts';

/** Openings of one chart that are looked at together. */
const mostOfPatient = 1000;

const mostDays = 60;
/** Of the days before. */
const usualShare = 0.9;

/** How many people the busiest chart of each day had. */
interface Busiest {
  day: string;
  today: number;
  readonly before: number[];
}

export function patientSurge({ people: most, withinSeconds }: NonNullable<DetectorSettings['patient-surge']>): Detector {
  const recent = new Recent<string>(withinSeconds * 1000, mostOfPatient);
  const busiest: Busiest = { day: '', today: 0, before: [] };
  return ({ event, person, patient, time, local }, told) => {
    if (event !== 'chart-opened' || person === null || patient === null) return null;
    if (told?.explanation?.state === 'explained' && told.explanation.near) return null;
    const people = new Set(recent.add(patient, time, person.key));
    if (people.size <= Math.max(most - 1, usualOf(busiest, local.day, people.size))) return null;
    recent.forget(patient);
    return {
      detector: 'patient-surge',
      person: null,
      patient,
      words: `${people.size} people opened one patient's chart within ${spokenTime(withinSeconds)}`,
    };
  };
}

/** What the busiest chart of a day seldom has more of; 0 while few days are known. Learns from this count. */
function usualOf(busiest: Busiest, day: string, count: number): number {
  if (busiest.day !== day) {
    if (busiest.day !== '') busiest.before.push(busiest.today);
    if (busiest.before.length > mostDays) busiest.before.shift();
    Object.assign(busiest, { day, today: 0 });
  }
  busiest.today = Math.max(busiest.today, count);
  const sorted = busiest.before.toSorted((a, b) => a - b);
  return sorted.length < fewestFigures ? 0 : Number(sorted[Math.floor(sorted.length * usualShare)]);
}
