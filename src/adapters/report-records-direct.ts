// The record for a report at the command line: asked in this process, from the index that the command has brought up to date.

import type { DatabaseSync } from 'node:sqlite';
import type { ReportRecords } from '../report-ports.ts';
import { searchIndex } from './audit-index-search.ts';
import { tallyIndex } from './audit-index-tally.ts';
import { watchIndex } from './audit-index-watch.ts';

/** A month of a large clinic takes minutes; whoever typed the command can end it. */
const longestMilliseconds = 3_600_000;

/** `now`: epoch milliseconds. */
export function directReportRecords(database: DatabaseSync, now: number): ReportRecords {
  const limits = { pause: () => Promise.resolve(), longest: longestMilliseconds };
  return {
    search: (query, most) => Promise.resolve(searchIndex(database, query, most)),
    tally: (query, by) => tallyIndex(database, query, by, limits),
    watch: (since, until) => Promise.resolve(watchIndex(database, since, until, now)),
  };
}
