// The record that `wardgate report` counts: the index beside the log of a gateway alone, or the one that several gateways share.

import { AuditIndexing, indexFileIn } from '../../adapters/audit-indexing.ts';
import { directReportRecords } from '../../adapters/report-records-direct.ts';
import type { Settings } from '../../config/settings.ts';
import { logPlace } from '../../core/audit/record-number.ts';
import type { ReportRecords } from '../../report-ports.ts';
import { openShared, recordDirectories } from '../recorded/record-source.ts';

export interface ReportedRecord {
  readonly records: ReportRecords;
  /** Of this machine's log among those that are counted. */
  readonly gateway: number;
  /** The last record of this machine's log that is counted, as that log counts. */
  readonly ownLast: number;
  /** Sentences about records that are not counted. */
  readonly missing: readonly string[];
  close(): Promise<void>;
}

/** A month of a large clinic takes minutes; whoever typed the command can end it. */
const atLeisure = { pause: async () => Promise.resolve(), longest: Infinity } as const;

/** Brings the index up to the log of this machine first. Rejects, saying what to do, where that cannot be done. */
export async function reportedRecord(settings: Settings): Promise<ReportedRecord> {
  if (settings.store !== null) {
    const { indexing, gateway, missing } = await openShared(settings);
    const records = indexing.records();
    const { indexed } = await records.search({}, 1);
    return { records, gateway, ownLast: logPlace(indexed).sequence, missing, close: () => indexing.close() };
  }
  const indexing = new AuditIndexing({
    directories: recordDirectories(settings),
    indexFile: indexFileIn(settings.dataDirectory),
  });
  await indexing.catchUp(atLeisure.pause);
  return {
    records: directReportRecords(indexing.index.database, atLeisure),
    gateway: 1,
    ownLast: indexing.index.progress.sequence,
    missing: [],
    close: async () => Promise.resolve(indexing.close()),
  };
}
