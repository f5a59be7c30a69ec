// The rows of a query, page by page up to the most that a table may have, oldest first.

import type { ReportSources } from '../report-ports.ts';
import type { FoundRequest, RecordQuery } from '../search-ports.ts';

const pageRequests = 1000;

export interface ListedRequests {
  readonly requests: readonly FoundRequest[];
  /** Null where there are more, uncounted. */
  readonly total: number | null;
}

/** Of too many, the newest. */
export async function listedRequests(
  { records, mostRows }: Pick<ReportSources, 'records' | 'mostRows'>,
  query: RecordQuery,
): Promise<ListedRequests> {
  const found: FoundRequest[] = [];
  let next = query.before ?? null;
  do {
    const wanted = Math.min(pageRequests, mostRows - found.length);
    const page = await records.search(next === null ? query : { ...query, before: next }, wanted);
    found.push(...page.requests);
    ({ next } = page);
  } while (next !== null && found.length < mostRows);
  return { requests: found.reverse(), total: next === null ? found.length : null };
}
