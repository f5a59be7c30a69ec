// The disclosures on record in a time, with their words. A word that is not the one that was committed to is not shown: the row
// says so instead.

import { readDisclosureNote, readWithdrawn } from '../core/disclosures/disclosure-note.ts';
import type { DisclosureNote } from '../core/disclosures/disclosure-note.ts';
import type { KeptDisclosure } from '../disclosure-ports.ts';
import type { ReportSources } from '../report-ports.ts';
import type { FoundRequest } from '../search-ports.ts';
import { listedRequests } from './listed-requests.ts';

export interface ToldDisclosure {
  readonly found: FoundRequest;
  readonly note: DisclosureNote;
  /** Null where they are gone, or are not those that were committed to. */
  readonly words: KeptDisclosure | null;
}

export interface ToldDisclosures {
  /** Oldest first; without those that a later record withdrew or stands in the place of. */
  readonly told: readonly ToldDisclosure[];
  /** As many as were withdrawn or set right. */
  readonly replaced: number;
  readonly isCut: boolean;
}

/**
 * By when they were made, which for one that somebody told of later is not when it was recorded; and corrections come later than
 * what they correct. So all of the record until now is read.
 */
export async function toldDisclosures(
  sources: ReportSources,
  { since, until }: { readonly since: number; readonly until: number },
  patient: string | null,
): Promise<ToldDisclosures> {
  const whose = patient === null ? {} : { patient };
  const found = await listedRequests(sources, { event: 'disclosure', since, ...whose });
  const later = await listedRequests(sources, { event: 'disclosure', since });
  const withdrawals = await listedRequests(sources, { event: 'disclosure-not', since });
  const replaced = new Set([
    ...later.requests.map(({ detail }) => readDisclosureNote(detail ?? '')?.replaces),
    ...withdrawals.requests.map(({ detail }) => readWithdrawn(detail ?? '')),
  ]);
  const told: ToldDisclosure[] = [];
  let left = 0;
  for (const request of found.requests) {
    const note = readDisclosureNote(request.detail ?? '');
    if (note === null) continue;
    const words = await sources.disclosures.open(note.id, note.commitment);
    const madeAt = words?.madeAt ?? request.time;
    if (madeAt < since || madeAt >= until) continue;
    if (replaced.has(note.id)) left += 1;
    else told.push({ found: request, note, words });
  }
  return { told, replaced: left, isCut: [found, later, withdrawals].some(({ total }) => total === null) };
}
