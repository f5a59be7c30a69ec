// One chart after the other in the order of the patients' numbers: somebody goes through the register, or a script does. The
// record has tokens in the place of ids, so the gateway notes beside an opening that it lies next to the one before.

import { readOrderNote } from '../patients/order-note.ts';
import type { Detector } from './detector.ts';
import type { DetectorSettings } from './detector-settings.ts';
import { Remembered } from './remembered.ts';
import { spokenTime } from './spoken-time.ts';

const mostPeople = 5000;

export function patientsInOrder({ charts, withinSeconds }: NonNullable<DetectorSettings['patients-in-order']>): Detector {
  const people = new Remembered(mostPeople, (): { way: string | null; times: number[] } => ({ way: null, times: [] }));
  return ({ event, person, detail, time }) => {
    if (event !== 'chart-opened' || person === null) return null;
    const walk = people.of(person.key);
    const way = readOrderNote(detail);
    // A turn begins with the chart before it.
    if (way === null || way !== walk.way) walk.times = way === null ? [] : walk.times.slice(-1);
    walk.way = way;
    walk.times = [...walk.times, time].slice(-charts);
    const [first = time] = walk.times;
    if (walk.times.length < charts || time - first > withinSeconds * 1000) return null;
    walk.times = [];
    const words = `${charts} patients' charts opened in the order of their numbers within ${spokenTime(withinSeconds)}`;
    return { detector: 'patients-in-order', person, patient: null, words };
  };
}
