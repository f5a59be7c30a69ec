// What a record is called among the records of several gateways, each of which counts its own log from 1. The first gateway's
// numbers are those of its log, so that nothing changes for a clinic that has one.

/** Records of one log. At a million a day it is full after two thousand years. */
const recordsPerLog = 1_000_000_000_000;

/** The highest number a gateway may have. Numbers of its records have fifteen digits at most, and are told exactly. */
export const mostGateways = 900;

export interface LogPlace {
  /** Counted from 1. */
  readonly gateway: number;
  /** In the log of that gateway. */
  readonly sequence: number;
}

export function recordNumber({ gateway, sequence }: LogPlace): number {
  return (gateway - 1) * recordsPerLog + sequence;
}

export function logPlace(number: number): LogPlace {
  return { gateway: Math.floor(number / recordsPerLog) + 1, sequence: number % recordsPerLog };
}

/** As people read it and type it: `123` of the first gateway, `2/123` of the second. */
export function recordName(number: number): string {
  const { gateway, sequence } = logPlace(number);
  return gateway === 1 ? String(sequence) : `${gateway}/${sequence}`;
}

/** What `recordName` wrote; null for anything else. */
export function readRecordName(text: string): number | null {
  const [, gateway = '1', sequence] = /^(?:([1-9]\d{0,2})\/)?(\d{1,12})$/.exec(text) ?? [];
  if (sequence === undefined || Number(gateway) > mostGateways) return null;
  return recordNumber({ gateway: Number(gateway), sequence: Number(sequence) });
}

/** A record among others, as it is ordered by. */
export interface OrderedRecord {
  readonly sequence: number;
  /** Epoch milliseconds. */
  readonly time: number;
}

/**
 * For sorting, the oldest first. Within one log its numbers say what came first, whatever became of the clock; between two logs
 * only the time can.
 */
export function recordsInOrder(one: OrderedRecord, other: OrderedRecord): number {
  const isSameLog = logPlace(one.sequence).gateway === logPlace(other.sequence).gateway;
  return isSameLog ? one.sequence - other.sequence : one.time - other.time || one.sequence - other.sequence;
}
