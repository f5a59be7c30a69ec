// What `audit search` asks: the index beside one log, the index that gateways share, or an index for each of several copied logs.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AuditIndexing, indexFileIn } from '../../adapters/audit-indexing.ts';
import { countHours, mostRequests, searchIndex } from '../../adapters/audit-index-search.ts';
import type { NumberedLog } from '../../adapters/logs-together.ts';
import type { Settings } from '../../config/settings.ts';
import { logPlace, recordName, recordNumber } from '../../core/audit/record-number.ts';
import type { FoundRequest, HourCount, RecordQuery } from '../../search-ports.ts';
import { openShared, recordDirectories } from '../recorded/record-source.ts';

/** Where a page begins, and what it ends before: one record, or of several copied logs the last one shown of each. */
export type PagePlace = readonly number[];

export interface SearchedPage {
  readonly requests: readonly FoundRequest[];
  /** As it is typed behind `--before`; null at the end. */
  readonly next: string | null;
}

export interface Searched {
  /** Sentences about records that cannot be found here. */
  readonly missing: readonly string[];
  page(query: RecordQuery, before: PagePlace, most: number): Promise<SearchedPage>;
  hours(since: number, until: number): Promise<readonly HourCount[]>;
  close(): Promise<void>;
}

const noPause = async (): Promise<void> => Promise.resolve();

/** Rejects, saying what to do, where the index that gateways share cannot be asked. */
export async function searchedBy(settings: Settings): Promise<Searched> {
  if (settings.store === null) return searchedLog(recordDirectories(settings), indexFileIn(settings.dataDirectory));
  const { indexing, missing } = await openShared(settings);
  const records = indexing.records();
  return {
    missing,
    page: async (query, before, most) => told(await records.search({ ...query, ...from(before) }, most)),
    hours: (since, until) => records.hours(since, until),
    close: () => indexing.close(),
  };
}

/** One log, by the numbers that it has itself. */
export async function searchedLog(directories: readonly string[], indexFile: string): Promise<Searched> {
  const indexing = new AuditIndexing({ directories, indexFile });
  await indexing.catchUp(noPause);
  const { database } = indexing.index;
  return {
    missing: [],
    page: async (query, before, most) => Promise.resolve(told(searchIndex(database, { ...query, ...from(before) }, most))),
    hours: async (since, until) => Promise.resolve(countHours(database, since, until)),
    close: async () => Promise.resolve(indexing.close()),
  };
}

/** Several logs, each with an index of its own in `indexDirectory`. */
export async function searchedLogs(logs: readonly NumberedLog[], indexDirectory: string): Promise<Searched> {
  mkdirSync(indexDirectory, { recursive: true, mode: 0o700 });
  const open: (Searched & { readonly gateway: number })[] = [];
  for (const { gateway, directories } of logs)
    open.push({ gateway, ...(await searchedLog(directories, join(indexDirectory, `log-${gateway}.db`))) });
  return {
    missing: [],
    page: async (query, before, most) => pageOf(open, query, before, Math.min(most, mostRequests)),
    hours: async (since, until) => together((await Promise.all(open.map((one) => one.hours(since, until)))).flat()),
    close: async () => {
      for (const one of open) await one.close();
    },
  };
}

/** The newest of all by their time, of each log in its order: its own numbers say what came first, whatever became of the clock. */
async function pageOf(
  open: readonly (Searched & { readonly gateway: number })[],
  query: RecordQuery,
  before: PagePlace,
  most: number,
): Promise<SearchedPage> {
  const shown = new Map(before.map((number) => [logPlace(number).gateway, number]));
  const waiting = new Map<number, FoundRequest[]>();
  for (const one of open) {
    const { gateway } = one;
    const last = shown.get(gateway);
    const own = last === undefined ? [] : [logPlace(last).sequence];
    waiting.set(
      gateway,
      (await one.page(query, own, most + 1)).requests.map((found) => numbered(found, gateway)),
    );
  }
  const requests: FoundRequest[] = [];
  while (requests.length < most) {
    const [newest] = [...waiting.values()].flatMap(([first]) => first ?? []).sort((one, other) => other.time - one.time);
    if (newest === undefined) return { requests, next: null };
    const { gateway } = logPlace(newest.sequence);
    waiting.get(gateway)?.shift();
    shown.set(gateway, newest.sequence);
    requests.push(newest);
  }
  const isEnd = [...waiting.values()].every((rest) => rest.length === 0);
  return { requests, next: isEnd ? null : [...shown.values()].map(recordName).join(',') };
}

function numbered(one: FoundRequest, gateway: number): FoundRequest {
  const { sequence, outcome } = one;
  return {
    ...one,
    sequence: recordNumber({ gateway, sequence }),
    outcome: outcome === null ? null : recordNumber({ gateway, sequence: outcome }),
  };
}

/** Hours of several logs, added. */
function together(all: readonly HourCount[]): readonly HourCount[] {
  const sums = new Map<string, HourCount>();
  for (const one of all) {
    const key = JSON.stringify([one.hour, one.event, one.decision]);
    const sum = sums.get(key);
    const { count = 0, bytesOut = 0 } = sum ?? {};
    sums.set(key, { ...one, count: one.count + count, bytesOut: one.bytesOut + bytesOut });
  }
  return [...sums.values()].sort((one, other) => one.hour - other.hour || (one.event < other.event ? -1 : 1));
}

function from([before]: PagePlace): Pick<RecordQuery, 'before'> {
  return before === undefined ? {} : { before };
}

function told({ requests, next }: { readonly requests: readonly FoundRequest[]; readonly next: number | null }): SearchedPage {
  return { requests, next: next === null ? null : recordName(next) };
}
