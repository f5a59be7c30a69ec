// A sign-in with a kind of browser that this person never used, on no device that the clinic registered. Versions do not count:
// browsers renew themselves.

import { forgetOldest } from '../forget-oldest.ts';
import type { Detector } from './detector.ts';
import type { DetectorSettings } from './detector-settings.ts';
import { Remembered } from './remembered.ts';

const mostPeople = 20_000;
const mostKinds = 32;

/** `afterSignIns`: from then on it is known what somebody signs in with. */
export function newDevice({ afterSignIns }: NonNullable<DetectorSettings['new-device']>): Detector {
  const people = new Remembered(mostPeople, () => ({ kinds: new Set<string>(), signIns: 0 }));
  return ({ event, person, device, agent }) => {
    if (event !== 'sign-in' || person === null || agent === null) return null;
    const known = people.of(person.key);
    const kind = agent.replaceAll(/[\d._]+/g, '');
    const strange = device === null && known.signIns >= afterSignIns && !known.kinds.has(kind);
    known.kinds.add(kind);
    forgetOldest(known.kinds, mostKinds);
    known.signIns += 1;
    if (!strange) return null;
    const words = 'Signed in with a kind of browser they never used, on no registered device';
    return { detector: 'new-device', person, patient: null, words };
  };
}
