// Every question that the console and reports have, answered by the index that gateways share.

import type { ReportRecords } from '../report-ports.ts';
import type { RecordSearch } from '../search-ports.ts';
import type { TallyLimits } from './audit-index-tally.ts';
import type { SharedAsk } from './audit-shared-db.ts';
import { firstsShared } from './audit-shared-firsts.ts';
import { sampleShared } from './audit-shared-sample.ts';
import { countSharedHours, searchShared } from './audit-shared-search.ts';
import { tallyShared } from './audit-shared-tally.ts';
import { watchShared } from './audit-shared-watch.ts';

/** `gateway` is the one that asks. */
export function sharedRecords(ask: SharedAsk, gateway: number, limits: TallyLimits): ReportRecords & RecordSearch {
  return {
    search: (query, most) => searchShared(ask, gateway, query, most),
    hours: (since, until) => countSharedHours(ask, since, until),
    tally: (query, by) => tallyShared(ask, query, by, limits),
    watch: (since, until) => watchShared(ask, gateway, since, until),
    firsts: (asked) => firstsShared(ask, asked, limits),
    sample: (query, sizes, seed) => sampleShared(ask, query, sizes, seed, limits),
  };
}
