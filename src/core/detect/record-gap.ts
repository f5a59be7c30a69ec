// What the heartbeat tells of the record: minutes without one, a clock that was set, and that no checkpoint has reached an anchor
// off this machine for long, so that whoever holds the machine could write the record anew.
// Each of several gateways has its own heartbeat, its own clock and its own checkpoints.

import { logPlace } from '../audit/record-number.ts';
import { readHeartbeatNote } from '../audit/heartbeat-note.ts';
import type { Heartbeat } from '../audit/heartbeat-note.ts';
import type { Detector, Finding, DetectorName } from './detector.ts';
import type { DetectorSettings } from './detector-settings.ts';
import type { Seen } from './seen.ts';

/** Nothing is told of the first minutes of a run: what lies before was a stop. */
export function recordGap({ longerThanSeconds }: NonNullable<DetectorSettings['record-gap']>): Detector {
  const last = new Map<number, number>();
  return (seen) => {
    const { gateway } = logPlace(seen.sequence);
    if (seen.event === 'start' || seen.event === 'stop') last.delete(gateway);
    const beat = beatOf(seen);
    if (beat === null) return null;
    const before = last.get(gateway);
    const seconds = before === undefined ? 0 : Math.round((seen.time - before) / 1000);
    last.set(gateway, seen.time);
    if (seconds <= longerThanSeconds && beat.missed === 0) return null;
    const words = `The access record says nothing for ${seconds} seconds of a running gateway; ${beat.missed} heartbeats were missed`;
    return about('record-gap', words);
  };
}

export function clockJump({ bySeconds }: NonNullable<DetectorSettings['clock-jump']>): Detector {
  const toldOf = new Map<number, string>();
  return (seen) => {
    const step = beatOf(seen)?.step ?? null;
    const { gateway } = logPlace(seen.sequence);
    if (step === null || step.time === toldOf.get(gateway) || Math.abs(step.milliseconds) < bySeconds * 1000) return null;
    toldOf.set(gateway, step.time);
    const seconds = Math.round(Math.abs(step.milliseconds) / 1000);
    return about('clock-jump', `The clock was set ${step.milliseconds < 0 ? 'back' : 'forward'} by ${seconds} seconds`);
  };
}

/** Where no anchor was ever reached there is none to miss; the health page says so. */
export function recordUnanchored({ afterSeconds }: NonNullable<DetectorSettings['record-unanchored']>): Detector {
  return (seen) => {
    const age = beatOf(seen)?.anchorAgeSeconds ?? null;
    if (age === null || age < afterSeconds) return null;
    const hours = Math.floor(age / 3600);
    return about('record-unanchored', `No checkpoint of the access record has reached an anchor for ${hours} hours`);
  };
}

function beatOf({ event, detail }: Seen): Heartbeat | null {
  return event === 'heartbeat' && detail !== null ? readHeartbeatNote(detail) : null;
}

function about(detector: DetectorName, words: string): Finding {
  return { detector, person: null, patient: null, words };
}
