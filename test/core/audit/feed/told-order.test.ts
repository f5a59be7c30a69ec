// What a feed tells of each record, and from where it reads on after it was stopped.

import { expect, test } from 'vitest';
import { ToldOrder } from '../../../../src/core/audit/feed/told-order.ts';
import type { AuditEvent } from '../../../../src/core/audit/entry.ts';
import { recordOf } from '../../../support/every-event.ts';

function numbered(sequence: number, event: AuditEvent, request: string | null = null) {
  return { ...recordOf(event, { request }), sequence };
}

const log = [
  numbered(1, 'attempt', 'a'),
  numbered(2, 'attempt', 'b'),
  numbered(3, 'outcome', 'a'),
  numbered(4, 'heartbeat'),
  numbered(5, 'start'),
  numbered(6, 'attempt', 'c'),
];

const toldBy = (order: ToldOrder, from = 1) =>
  log.slice(from - 1).flatMap((record) => {
    const told = order.take(record);
    return told === null ? [] : [[told.sequence, told.records.map(({ sequence }) => sequence), told.from]];
  });

test('an access is told once, and what is needed is the first that waits', () => {
  expect(toldBy(new ToldOrder(0))).toEqual([
    [1, [], 1],
    [2, [], 1],
    [3, [3], 2],
    [4, [4], 2],
    [5, [2, 5], 6],
    [6, [], 6],
  ]);
});

test('whoever was stopped anywhere goes on as if they had not been', () => {
  const whole = toldBy(new ToldOrder(0));
  for (const [at, [sequence, , from]] of whole.entries())
    expect(toldBy(new ToldOrder(Number(sequence)), Number(from))).toEqual(whole.slice(at + 1));
});

test('a record without a time has none', () => {
  const record = numbered(1, 'heartbeat');
  expect(new ToldOrder(0).take(record)?.time).toBe('2025-11-23T14:05:06.123Z');
  expect(new ToldOrder(0).take({ ...record, fields: {} })?.time).toBeNull();
});
