// What is known of a download beyond its own record: more columns of the report of exports, by the id of the request. Whoever
// keeps such a thing adds a line here.

import type { Column, Row } from '../core/report/report.ts';
import type { ReportSources } from '../report-ports.ts';
import type { FoundRequest } from '../search-ports.ts';
import { disclosedDownloads } from './disclosed-downloads.ts';

export interface ExportAddition {
  readonly columns: readonly Column[];
  /** Request → the cells of those columns; a request that is left out has none. */
  readonly cells: (downloads: readonly FoundRequest[], sources: ReportSources) => Promise<ReadonlyMap<string, Row>>;
}

export const exportAdditions: readonly ExportAddition[] = [disclosedDownloads];
