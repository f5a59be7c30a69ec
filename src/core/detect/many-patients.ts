// More charts within an hour than this person ever opens, and than a day's work explains.

import type { Detector } from './detector.ts';
import type { DetectorSettings } from './detector-settings.ts';
import { Hourly } from './hourly.ts';
import { Remembered } from './remembered.ts';
import { farOutside } from './usual.ts';

const mostPeople = 5000;

/** Nobody is asked about `moreThan` or fewer, however few they usually open. */
export function manyPatients({ moreThan }: NonNullable<DetectorSettings['many-patients']>): Detector {
  const people = new Remembered(mostPeople, () => ({ hourly: new Hourly(), patients: new Set<string>() }));
  return ({ event, person, patient, time }, told) => {
    if (event !== 'chart-opened' || person === null || patient === null) return null;
    // A visit of the patient with this very person is reason enough; one with their department would hide whoever walks its list.
    if (told?.explanation?.state === 'explained' && told.explanation.own) return null;
    const { hourly, patients } = people.of(person.key);
    if (hourly.turn(time)) patients.clear();
    hourly.figure = patients.add(patient).size;
    if (hourly.told || hourly.figure <= moreThan) return null;
    const usual = farOutside(hourly.earlier);
    if (hourly.figure <= (usual ?? 0)) return null;
    hourly.told = true;
    const against =
      usual === null ? 'too little is known of their usual hours' : `their usual hour has at most ${Math.round(usual)}`;
    const words = `${hourly.figure} patients' charts opened within one hour; ${against}`;
    return { detector: 'many-patients', person, patient: null, words };
  };
}
