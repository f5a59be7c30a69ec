// The recorded traffic of the last days, request by request, while the gateway may be writing. Holds one record at a time,
// and counts honestly what it could not make a request of.

import type { ReadRecord } from '../../core/audit/read-record.ts';
import type { Settings } from '../../config/settings.ts';
import { addressesAsSent } from './addresses-as-sent.ts';
import { recordSource } from './record-source.ts';
import { readRequest } from './recorded-request.ts';
import type { NotJudged, RecordedRequest } from './recorded-request.ts';

/** What was read. `unended` attempts have no outcome: under way, or cut off by a crash. */
export interface TrafficCounts {
  requests: number;
  unended: number;
  readonly notJudged: Record<NotJudged, number>;
  /** Sentences about records that could not be read. */
  missing: readonly string[];
}

export interface Traffic {
  readonly counts: TrafficCounts;
  /** Once through, oldest first. Rejects with system errors. */
  requests(): AsyncGenerator<RecordedRequest>;
}

/** What is read, and what tells which ids stood where records have tokens. */
type Recorded = Pick<Settings, 'audit' | 'dataDirectory' | 'masterKeyFile' | 'store'>;

/** `other` is told of every record that is no request. `since` is epoch milliseconds. */
export function recordedTraffic(settings: Recorded, since: number, other: (record: ReadRecord) => void = () => {}): Traffic {
  const notJudged = { 'other-refusal': 0, stranger: 0, summed: 0, cut: 0, unreadable: 0 };
  const counts: TrafficCounts = { requests: 0, unended: 0, notJudged, missing: [] };
  return { counts, requests: () => read(settings, since, counts, other) };
}

async function* read(
  settings: Recorded,
  since: number,
  counts: TrafficCounts,
  other: (record: ReadRecord) => void,
): AsyncGenerator<RecordedRequest> {
  const source = await recordSource(settings);
  const addresses = await addressesAsSent(settings);
  counts.missing = source.missing;
  try {
    for await (const record of source.read(since)) {
      if (Date.parse(String(record.fields['time'])) < since) continue;
      const found = readRequest(record);
      switch (found.kind) {
        case 'attempt':
          counts.unended += 1;
          break;
        case 'not-judged':
          counts.notJudged[found.why] += 1;
          break;
        case 'request':
          counts.requests += 1;
          break;
        case 'other':
          other(record);
          break;
      }
      if (record.event === 'outcome') counts.unended -= 1;
      if (found.kind === 'request') yield { ...found.request, target: await addresses.of(found.request.target) };
    }
  } finally {
    addresses.close();
    await source.close();
  }
}
