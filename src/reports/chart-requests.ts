// All requests to one patient's chart in a period, whichever of the patient's ids they carried, and the reasons given for the
// emergency accesses among them.

import type { ReportAsks, ReportSources } from '../report-ports.ts';
import type { FoundRequest } from '../search-ports.ts';
import { listedRequests } from './listed-requests.ts';

/** What tells of an access; the opening of a chart is told by its own request, and no event twice. */
const told = ['outcome', 'attempt', 'refusal', 'budget-extended'];
/** An emergency access lasts hours; one that was opened before the period may still be open in it. */
const grantMilliseconds = 7 * 86_400_000;

export interface ChartRequests {
  /** As the record has them; what was asked for where there is no record. */
  readonly patient: string;
  /** Oldest first. */
  readonly requests: readonly FoundRequest[];
  /** Null where there are more, uncounted. */
  readonly total: number | null;
  /** Emergency access → the reason that was given. */
  readonly reasons: ReadonlyMap<string, string>;
}

export async function chartRequests({ period, patient }: ReportAsks, sources: ReportSources): Promise<ChartRequests> {
  const id = patient ?? '';
  const tokens = await sources.patients.tokensOf(id);
  // Records of an older gateway carry the id itself.
  const query = { patient: [...new Set([id, ...tokens])], since: period.since, until: period.until } as const;
  const listed = await listedRequests(sources, query);
  const found = listed.requests.filter(({ event }) => told.includes(event));
  const reasons = found.some(({ grant }) => grant !== null) ? await reasonsIn(period, sources) : new Map<string, string>();
  return { patient: found[0]?.patient ?? id, requests: found, total: listed.total === null ? null : found.length, reasons };
}

async function reasonsIn({ since, until }: ReportAsks['period'], sources: ReportSources): Promise<Map<string, string>> {
  const query = { event: 'break-glass', since: since - grantMilliseconds, until } as const;
  const { requests } = await listedRequests(sources, query);
  return new Map(requests.flatMap(({ grant, detail }) => (grant === null || detail === null ? [] : [[grant, detail] as const])));
}
