// Somebody who has given notice, or was given it, and takes much with them: from some weeks before the notice, when they knew and
// nobody else did, up to the end. What would be usual for others is asked about here.

import type { Explanation } from '../relations/explanation.ts';
import { daysBetween } from '../relations/wall-time.ts';
import type { Detector } from './detector.ts';
import type { DetectorSettings } from './detector-settings.ts';
import type { RelationContext } from './relation-context.ts';
import { Remembered } from './remembered.ts';
import type { Seen } from './seen.ts';

const mostPeople = 1000;
const daySeconds = 86_400;

export function leaver({ moreThan, atLeastBytes, beforeSeconds }: NonNullable<DetectorSettings['leaver']>): Detector {
  const people = new Remembered(mostPeople, () => ({ day: '', patients: new Set<string>(), bytes: 0 }));
  return (seen, told) => {
    const { person, local, event, patient, bytesOut } = seen;
    if (person === null) return null;
    const standing = standingOf(person.name, seen, told, beforeSeconds / daySeconds);
    if (standing === null) return null;
    if (standing === 'gone') {
      const words = 'A chart opened after their last day of employment, by the roster';
      return event === 'chart-opened' ? { detector: 'leaver', person, patient: null, words } : null;
    }
    const today = people.of(person.key);
    if (today.day !== local.day) Object.assign(today, { day: local.day, patients: new Set(), bytes: 0 });
    if (event === 'chart-opened' && patient !== null && !isLedTo(told?.explanation)) today.patients.add(patient);
    today.bytes += bytesOut ?? 0;
    const charts = today.patients.size > moreThan;
    if (!charts && today.bytes < atLeastBytes) return null;
    const what = charts
      ? `${today.patients.size} patients' charts without explanation opened today`
      : `${Math.round(today.bytes / 1_000_000)} MB taken today`;
    return { detector: 'leaver', person, patient: null, words: `${what} by somebody who is about to leave` };
  };
}

/** That they have shifts somewhere explains nothing here by itself: whoever floats has some everywhere. */
function isLedTo(explanation: Explanation | null | undefined): boolean {
  return explanation?.state === 'explained' && (explanation.because !== 'on-duty' || explanation.near);
}

/** Null for everybody else. */
function standingOf(
  login: string,
  { local }: Seen,
  told: RelationContext | undefined,
  before: number,
): 'leaving' | 'gone' | null {
  const { noticeDay = null, endDay = null } = told?.relations?.roster.member(login) ?? {};
  if (endDay !== null && local.day > endDay) return 'gone';
  const known = noticeDay ?? endDay;
  return known !== null && daysBetween(local.day, known) <= before ? 'leaving' : null;
}
