// Somebody who has given notice, or was given it, and takes much with them: from some weeks before the notice, when they knew and
// nobody else did, up to the end. What would be usual for others is asked about here.

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
    if (person === null || !isLeaving(seen, told, beforeSeconds / daySeconds)) return null;
    const today = people.of(person.key);
    if (today.day !== local.day) Object.assign(today, { day: local.day, patients: new Set(), bytes: 0 });
    if (event === 'chart-opened' && patient !== null && told?.explanation?.state !== 'explained') today.patients.add(patient);
    today.bytes += bytesOut ?? 0;
    const charts = today.patients.size > moreThan;
    if (!charts && today.bytes < atLeastBytes) return null;
    const what = charts
      ? `${today.patients.size} patients' charts without explanation opened today`
      : `${Math.round(today.bytes / 1_000_000)} MB taken today`;
    return { detector: 'leaver', person, patient: null, words: `${what} by somebody who is about to leave` };
  };
}

function isLeaving({ person, local }: Seen, told: RelationContext | undefined, before: number): boolean {
  const member = told?.relations?.roster.member(person?.name ?? '');
  const notice = member?.noticeDay ?? member?.endDay ?? null;
  if (notice === null || daysBetween(local.day, notice) > before) return false;
  const end = member?.endDay ?? null;
  return end === null || local.day <= end;
}
