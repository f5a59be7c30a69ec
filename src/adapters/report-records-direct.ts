// The record for a report, asked in this process: by a command, which has brought the index up to date, and by the thread of
// the index for the gateway.

import type { DatabaseSync } from 'node:sqlite';
import type { ReportRecords } from '../report-ports.ts';
import { firstsIn } from './audit-index-firsts.ts';
import { sampleIndex } from './audit-index-sample.ts';
import { searchIndex } from './audit-index-search.ts';
import { tallyIndex } from './audit-index-tally.ts';
import type { TallyLimits } from './audit-index-tally.ts';
import { watchIndex } from './audit-index-watch.ts';

export function directReportRecords(database: DatabaseSync, limits: TallyLimits): ReportRecords {
  return {
    search: async (query, most) => searchIndex(database, query, most),
    tally: (query, by) => tallyIndex(database, query, by, limits),
    watch: async (since, until) => watchIndex(database, since, until),
    firsts: async (asked) => firstsIn(database, asked),
    sample: (query, sizes, seed) => sampleIndex(database, query, sizes, seed, limits),
  };
}
