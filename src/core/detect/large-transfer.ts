// Far more bytes within an hour than this person ever takes: an export, or page after page of it.

import type { Detector } from './detector.ts';
import type { DetectorSettings } from './detector-settings.ts';
import { Hourly } from './hourly.ts';
import { Remembered } from './remembered.ts';
import { median } from './usual.ts';

const mostPeople = 5000;

/** `atLeastBytes` in an hour are an ordinary hour's work anywhere. */
export function largeTransfer({ atLeastBytes, timesUsual }: NonNullable<DetectorSettings['large-transfer']>): Detector {
  const people = new Remembered(mostPeople, () => new Hourly());
  return ({ person, bytesOut, time }) => {
    if (person === null || bytesOut === null) return null;
    const taken = people.of(person.key);
    taken.turn(time);
    taken.figure += bytesOut;
    if (taken.told || taken.figure < atLeastBytes) return null;
    const usual = median(taken.earlier);
    if (taken.figure < timesUsual * usual) return null;
    taken.told = true;
    const words = `${megabytes(taken.figure)} MB taken within one hour; their usual hour has ${megabytes(usual)} MB`;
    return { detector: 'large-transfer', person, patient: null, words };
  };
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
