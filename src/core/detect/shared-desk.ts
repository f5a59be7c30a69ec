// One browser, now one person and seconds later another, without a switch or a sign-in between: somebody works on in another's
// name. Only registered devices are judged, since behind one address a whole site may stand.

import type { Detector } from './detector.ts';
import type { DetectorSettings } from './detector-settings.ts';
import { Recent } from './recent.ts';
import { Remembered } from './remembered.ts';

const mostDevices = 5000;
/** Turns within it are told together. */
const windowMilliseconds = 10 * 60_000;

/** What tells that the desk changed hands as it should. */
const handovers: ReadonlySet<string> = new Set(['sign-in', 'sign-out', 'switched-away', 'switched-to', 'unlocked', 'taken-over']);

interface LastHands {
  by: string | null;
  at: number;
}

export function sharedDesk({ times, withinSeconds }: NonNullable<DetectorSettings['shared-desk']>): Detector {
  const devices = new Remembered(mostDevices, (): LastHands => ({ by: null, at: 0 }));
  const turns = new Recent<null>(windowMilliseconds, times);
  return ({ event, person, device, activity, time }) => {
    if (person === null || device === null) return null;
    const last = devices.of(device);
    if (handovers.has(event)) last.by = null;
    if (activity !== 'navigation') return null;
    const turned = last.by !== null && last.by !== person.key && time - last.at <= withinSeconds * 1000;
    last.by = person.key;
    last.at = time;
    if (!turned || turns.add(device, time, null).length < times) return null;
    turns.forget(device);
    const words = `Several people at work on ${device} within ${withinSeconds} seconds of each other, without a switch`;
    return { detector: 'shared-desk', person, patient: null, words };
  };
}
