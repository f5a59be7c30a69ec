// Every limit of the edge: its key in gateway.yaml, its default and the range outside which the gateway refuses to
// start. Keys carry no unit because their values do.

import { z } from 'zod';
import { count, duration, readText, size } from './schema-parts.ts';
import { readSizeRate } from './quantity.ts';
import type { Read } from './quantity.ts';
import type { Limits } from './settings.ts';

/** Bytes per second of `1KB/s`. */
function readMinimumRate(text: string): Read<number> {
  const rate = readSizeRate(text, 's');
  if ('problem' in rate || rate.value <= 1e6) return rate;
  return { problem: 'must not be above 1MB/s' };
}

export const limitsSchema = z.strictObject({
  header: size('4KiB', '64KiB').describe('All headers of one request together'),
  headerCount: count(10, 500).describe('Headers of one request'),
  target: size('1KiB', '16KiB').describe('The address of one request, path and query'),
  body: size('64KiB', '20GB').describe('The body of one request'),
  form: size('1KiB', '1MiB').describe('A form that a rule reads before it is forwarded'),
  formTimeout: duration('1s', '60s').describe('Time in which such a form must have arrived'),
  headersTimeout: duration('1s', '60s').describe('Time in which the headers of a request must have arrived'),
  keepAlive: duration('1s', '10m').describe('How long an idle connection stays open; 65s behind a proxy'),
  requestsPerSocket: count(1, 1_000_000).describe('Requests on one connection before it is closed'),
  connections: count(10, 200_000).describe('Open connections in all'),
  connectionsPerAddress: count(1, 200_000).describe('Open connections from one address; a clinic may sit behind one'),
  minimumRate: readText(readMinimumRate).describe('A body or a reader slower than this over the stall time is cut'),
  stall: duration('1s', '10m').describe('The stall time'),
  upstreamConnect: duration('1s', '60s').describe('Time to reach the EHR'),
  upstreamHeaders: duration('1s', '1h').describe('Time in which the EHR must begin to answer; a rule may set its own'),
  upstreamBodyStall: duration('1s', '1h').describe('Longest silence of the EHR within an answer'),
  upstreamConnections: count(1, 10_000).describe('Connections to one EHR'),
  upstreamConnectionsPerPerson: count(1, 1000).describe("One person's share of them"),
  upstreamQueue: count(0, 100_000).describe('Requests that may wait for one of them'),
  selectionWait: duration('1s', '60s').describe('How long a request waits for a patient selection in flight'),
  drain: duration('1s', '10m').describe('Time to finish requests when the gateway stops'),
  anonymousRecordsPerMinute: count(1, 10_000).describe('Records for requests of one address before anybody signed in'),
  refusalRecordsPerMinute: count(1, 10_000).describe("Records of one person's refused requests; the rest is summed up"),
  webSocketsPerPerson: count(1, 1000).describe('Live connections of one person'),
});

export type LimitsInput = { readonly [Key in keyof z.output<typeof limitsSchema>]?: number | undefined };

/** The defaults, overlaid with what the file says. `behindProxy`: another machine ends TLS and reuses connections. */
export function completeLimits(given: LimitsInput, behindProxy: boolean): Limits {
  return {
    headerBytes: given.header ?? 16_384,
    headerCount: given.headerCount ?? 100,
    targetBytes: given.target ?? 8192,
    bodyBytes: given.body ?? 1_000_000_000,
    formBytes: given.form ?? 65_536,
    formTimeoutSeconds: given.formTimeout ?? 10,
    headersTimeoutSeconds: given.headersTimeout ?? 10,
    keepAliveSeconds: given.keepAlive ?? (behindProxy ? 65 : 5),
    requestsPerSocket: given.requestsPerSocket ?? 1000,
    connections: given.connections ?? 20_000,
    connectionsPerAddress: given.connectionsPerAddress ?? (behindProxy ? 20_000 : 1000),
    minimumBytesPerSecond: given.minimumRate ?? 1000,
    stallSeconds: given.stall ?? 60,
    upstreamConnectSeconds: given.upstreamConnect ?? 3,
    upstreamHeadersSeconds: given.upstreamHeaders ?? 300,
    upstreamBodyStallSeconds: given.upstreamBodyStall ?? 60,
    upstreamConnections: given.upstreamConnections ?? 512,
    upstreamConnectionsPerPerson: given.upstreamConnectionsPerPerson ?? 32,
    upstreamQueue: given.upstreamQueue ?? 1024,
    selectionWaitSeconds: given.selectionWait ?? 10,
    drainSeconds: given.drain ?? 25,
    anonymousRecordsPerMinute: given.anonymousRecordsPerMinute ?? 300,
    refusalRecordsPerMinute: given.refusalRecordsPerMinute ?? 3000,
    webSocketsPerPerson: given.webSocketsPerPerson ?? 20,
  };
}
