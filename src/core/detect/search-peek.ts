// Somebody looks up a name, opens a chart they never had open, and leaves it within seconds without writing anything: curiosity
// looks like that. So does a slip; that is why only several of them are told.

import { forgetOldest } from '../forget-oldest.ts';
import type { Detector } from './detector.ts';
import type { DetectorSettings } from './detector-settings.ts';
import { Recent } from './recent.ts';
import { Remembered } from './remembered.ts';
import type { Seen } from './seen.ts';
import { spokenTime } from './spoken-time.ts';

const mostPeople = 5000;
/** People and patients who met; who is forgotten counts as never seen. */
const mostMet = 200_000;
/** A chart opened so long after a search still comes of it. */
const searchMilliseconds = 120_000;

interface Desk {
  searchedAt: number | null;
  /** The chart that was opened out of a search and is not left yet. */
  open: { readonly patient: string; readonly at: number } | null;
}

/** `lookSeconds`: a chart that is left sooner was only looked at. */
export function searchPeek({ times, withinSeconds, lookSeconds }: NonNullable<DetectorSettings['search-peek']>): Detector {
  const desks = new Remembered(mostPeople, (): Desk => ({ searchedAt: null, open: null }));
  const met = new Set<string>();
  const recent = new Recent<null>(withinSeconds * 1000, times);
  return (seen) => {
    const { person, time } = seen;
    if (person === null) return null;
    const desk = desks.of(person.key);
    const peeked = hasPeeked(desk, seen, lookSeconds * 1000);
    if (isSearch(seen)) desk.searchedAt = time;
    if (seen.event === 'chart-opened' && seen.patient !== null) {
      const pair = `${person.key}\n${seen.patient}`;
      const searched = desk.searchedAt !== null && time - desk.searchedAt < searchMilliseconds;
      desk.open = searched && !met.has(pair) ? { patient: seen.patient, at: time } : null;
      desk.searchedAt = null;
      met.add(pair);
      forgetOldest(met, mostMet);
    }
    if (!peeked || recent.add(person.key, time, null).length < times) return null;
    recent.forget(person.key);
    const words = `${times} charts looked up by name, opened for the first time and left within ${lookSeconds} seconds, within ${spokenTime(withinSeconds)}`;
    return { detector: 'search-peek', person, patient: null, words };
  };
}

function isSearch({ event, patient, action, category }: Seen): boolean {
  return event === 'attempt' && patient === null && action === 'execute' && category === 'demographics';
}

/** True where this record shows that they left the chart, and too soon. */
function hasPeeked(desk: Desk, { event, patient, action, activity, time }: Seen, look: number): boolean {
  const { open } = desk;
  if (open === null) return false;
  const writes = patient === open.patient && (action === 'create' || action === 'update' || action === 'delete');
  const leaves = event === 'sign-out' || (event === 'attempt' && activity === 'navigation' && patient !== open.patient);
  if (writes || leaves) desk.open = null;
  return leaves && time - open.at < look;
}
