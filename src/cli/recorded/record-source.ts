// Where a command reads whole records from: the log of a gateway alone, the index that several gateways share, or copies of logs.

import { SharedIndexing } from '../../adapters/audit-shared-indexing.ts';
import { systemClock } from '../../adapters/clock-system.ts';
import { readLogsTogether } from '../../adapters/logs-together.ts';
import type { NumberedLog } from '../../adapters/logs-together.ts';
import { sharedIndex } from '../../compose/shared-index.ts';
import type { Settings } from '../../config/settings.ts';
import type { ReadRecord } from '../../core/audit/read-record.ts';

export interface RecordSource {
  /** Sentences about what is on record somewhere and cannot be read here. */
  readonly missing: readonly string[];
  /** Oldest first, by its number among all gateways. Some that are older than `since` (epoch milliseconds) may come as well. */
  read(since: number): AsyncGenerator<ReadRecord>;
  close(): Promise<void>;
}

const noPause = async (): Promise<void> => Promise.resolve();

export function logSource(logs: readonly NumberedLog[]): RecordSource {
  return { missing: [], read: (since) => readLogs(logs, since), close: noPause };
}

/** Rejects, saying what to do, where the index cannot be asked. */
export async function recordSource(settings: Pick<Settings, 'audit' | 'dataDirectory' | 'store'>): Promise<RecordSource> {
  const directories = recordDirectories(settings);
  if (settings.store === null) return logSource([{ gateway: 1, directories }]);
  const { indexing, missing } = await openShared(settings);
  return { missing, read: (since) => indexing.lines(since), close: () => indexing.close() };
}

/** The log's directory first, then the fallback. */
export function recordDirectories({ audit: { directory, fallbackDirectory } }: Pick<Settings, 'audit'>): readonly string[] {
  return fallbackDirectory === null ? [directory] : [directory, fallbackDirectory];
}

export interface OpenShared {
  readonly indexing: SharedIndexing;
  /** Of this one among those that share it. */
  readonly gateway: number;
  readonly missing: readonly string[];
}

/** The index that gateways share, with all of this gateway's own log in it. Rejects, saying what to do, where it cannot be asked. */
export async function openShared(settings: Pick<Settings, 'audit' | 'dataDirectory' | 'store'>): Promise<OpenShared> {
  let indexing: SharedIndexing | null = null;
  try {
    const shared = await sharedIndex(settings, systemClock.now());
    if (shared === null) throw new Error('gateway.yaml names no PostgreSQL under store.durable');
    indexing = new SharedIndexing({ ...shared, directories: recordDirectories(settings) });
    await indexing.catchUp(noPause);
    const late = await indexing.late(systemClock.now());
    const missing = late.map(({ gateway, since }) => {
      const when = since === 0 ? 'yet' : `since ${new Date(since).toISOString()}`;
      return `Gateway ${gateway} has brought no record ${when}: what it wrote later is not in this; start it, or read its log with --dir`;
    });
    return { indexing, gateway: shared.gateway, missing };
  } catch (cause) {
    await indexing?.close();
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The record of all gateways cannot be read: ${said}; one log alone can be with "wardgate audit … --dir"`, {
      cause,
    });
  }
}

async function* readLogs(logs: readonly NumberedLog[], since: number): AsyncGenerator<ReadRecord> {
  const from = new Date(Math.max(0, since)).toISOString().slice(0, 10);
  for await (const { record } of readLogsTogether(logs, from)) yield record;
}
