// The record itself: it could not be written for a while, or it was put back from a backup.

import type { Detector } from './detector.ts';

const words: ReadonlyMap<string, string> = new Map([
  ['audit-outage', 'The access record could not be written for a while; requests were refused meanwhile'],
  ['restored', 'The access record was put back from a backup'],
]);

export function recordInDoubt(): Detector {
  return ({ event }) => {
    const why = words.get(event);
    return why === undefined ? null : { detector: 'record-in-doubt', person: null, patient: null, words: why };
  };
}
