// Far more bytes within an hour than this person ever takes: an export, or page after page of it.

import { forgetOldest } from '../forget-oldest.ts';
import type { Detector } from './detector.ts';
import type { DetectorSettings } from './detector-settings.ts';
import { median } from './usual.ts';

const hourMilliseconds = 3_600_000;
const mostHours = 500;
const mostPeople = 5000;

interface Taken {
  hour: number;
  bytes: number;
  told: boolean;
  readonly earlier: number[];
}

/** `atLeastBytes` in an hour are an ordinary hour's work anywhere. */
export function largeTransfer({ atLeastBytes, timesUsual }: NonNullable<DetectorSettings['large-transfer']>): Detector {
  const people = new Map<string, Taken>();
  return ({ person, bytesOut, time }) => {
    if (person === null || bytesOut === null) return null;
    const hour = Math.floor(time / hourMilliseconds);
    const taken = people.get(person.key) ?? { hour, bytes: 0, told: false, earlier: [] };
    if (taken.hour !== hour) {
      taken.earlier.push(taken.bytes);
      if (taken.earlier.length > mostHours) taken.earlier.shift();
      taken.hour = hour;
      taken.bytes = 0;
      taken.told = false;
    }
    taken.bytes += bytesOut;
    people.delete(person.key);
    people.set(person.key, taken);
    forgetOldest(people, mostPeople);
    const usual = median(taken.earlier);
    if (taken.told || taken.bytes < Math.max(atLeastBytes, timesUsual * usual)) return null;
    taken.told = true;
    const words = `${megabytes(taken.bytes)} MB taken within one hour; their usual hour has ${megabytes(usual)} MB`;
    return { detector: 'large-transfer', person, patient: null, words };
  };
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
