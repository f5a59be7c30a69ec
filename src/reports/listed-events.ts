// The records of several kinds, each page by page up to the most that a table may have, oldest first.

import { recordsInOrder } from '../core/audit/record-number.ts';
import type { ReportSources } from '../report-ports.ts';
import type { FoundRequest, RecordQuery } from '../search-ports.ts';
import { listedRequests } from './listed-requests.ts';
import type { ListedRequests } from './listed-requests.ts';

/** `total` is null where there are more of any kind, uncounted. */
export async function listedEvents(
  sources: Pick<ReportSources, 'records' | 'mostRows'>,
  query: RecordQuery,
  events: readonly string[],
): Promise<ListedRequests> {
  const found: FoundRequest[] = [];
  let isCut = false;
  for (const event of events) {
    const { requests, total } = await listedRequests(sources, { ...query, event });
    found.push(...requests);
    isCut ||= total === null;
  }
  found.sort(recordsInOrder);
  return { requests: found, total: isCut ? null : found.length };
}
