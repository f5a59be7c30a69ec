// Every limit of the edge: its key in gateway.yaml, its default and the range outside which the gateway refuses to
// start. Keys carry no unit because their values do.

import { z } from 'zod';
import { count, duration, readText, size } from './schema-parts.ts';
import { readSizeRate } from './quantity.ts';
import type { Read } from './quantity.ts';

/** Every limit of the edge. Defaults are the design's; outside the allowed range the gateway refuses to start. */
export interface Limits {
  readonly headerBytes: number;
  readonly headerCount: number;
  readonly targetBytes: number;
  readonly bodyBytes: number;
  readonly formBytes: number;
  readonly formTimeoutSeconds: number;
  readonly headersTimeoutSeconds: number;
  readonly keepAliveSeconds: number;
  readonly requestsPerSocket: number;
  readonly connections: number;
  readonly connectionsPerAddress: number;
  /** A body or a reader slower than this over a stall window is cut. */
  readonly minimumBytesPerSecond: number;
  readonly stallSeconds: number;
  readonly upstreamConnectSeconds: number;
  readonly upstreamHeadersSeconds: number;
  readonly upstreamBodyStallSeconds: number;
  readonly upstreamConnections: number;
  readonly upstreamConnectionsPerPerson: number;
  readonly upstreamQueue: number;
  readonly selectionWaitSeconds: number;
  readonly drainSeconds: number;
  readonly anonymousRecordsPerMinute: number;
  readonly refusalRecordsPerMinute: number;
  /** Failed sign-ons at one EHR in a minute before nobody's password is tried: EHRs lock out whole addresses. */
  readonly signOnFailuresPerMinute: number;
  readonly webSocketsPerPerson: number;
  /** A post that meets an ended session is held for its person: its size, how many of one person, and all together. */
  readonly heldPostBytes: number;
  readonly heldPostsPerPerson: number;
  readonly heldPostBytesInAll: number;
}

/** Bytes per second of `1KB/s`. */
function readMinimumRate(text: string): Read<number> {
  const rate = readSizeRate(text, 's');
  if ('problem' in rate || rate.value <= 1e6) return rate;
  return { problem: 'must not be above 1MB/s' };
}

export const limitsSchema = z.strictObject({
  header: size('4KiB', '64KiB'),
  headerCount: count(10, 500),
  target: size('1KiB', '16KiB'),
  body: size('64KiB', '20GB'),
  form: size('1KiB', '1MiB'),
  formTimeout: duration('1s', '60s'),
  headersTimeout: duration('1s', '60s'),
  keepAlive: duration('1s', '10m'),
  requestsPerSocket: count(1, 1_000_000),
  connections: count(10, 200_000),
  connectionsPerAddress: count(1, 200_000),
  minimumRate: readText(readMinimumRate),
  stall: duration('1s', '10m'),
  upstreamConnect: duration('1s', '60s'),
  upstreamHeaders: duration('1s', '1h'),
  upstreamBodyStall: duration('1s', '1h'),
  upstreamConnections: count(1, 10_000),
  upstreamConnectionsPerPerson: count(1, 1000),
  upstreamQueue: count(0, 100_000),
  selectionWait: duration('1s', '60s'),
  drain: duration('1s', '10m'),
  anonymousRecordsPerMinute: count(1, 10_000),
  refusalRecordsPerMinute: count(1, 10_000),
  signOnFailuresPerMinute: count(1, 100),
  webSocketsPerPerson: count(1, 1000),
  heldPost: size('1KiB', '8MiB'),
  heldPostsPerPerson: count(0, 20),
  heldPosts: size('1MB', '1GB'),
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
    signOnFailuresPerMinute: given.signOnFailuresPerMinute ?? 5,
    webSocketsPerPerson: given.webSocketsPerPerson ?? 20,
    heldPostBytes: given.heldPost ?? 2_000_000,
    heldPostsPerPerson: given.heldPostsPerPerson ?? 3,
    heldPostBytesInAll: given.heldPosts ?? 100_000_000,
  };
}
