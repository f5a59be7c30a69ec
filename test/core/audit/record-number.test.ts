import { describe, expect, test } from 'vitest';
import {
  logPlace,
  mostGateways,
  readRecordName,
  recordName,
  recordNumber,
  recordsInOrder,
} from '../../../src/core/audit/record-number.ts';

describe('a record among those of several gateways', () => {
  test.each([
    [1, 1, 1, '1'],
    [1, 123, 123, '123'],
    [2, 1, 1_000_000_000_001, '2/1'],
    [17, 40_000, 16_000_000_040_000, '17/40000'],
    [mostGateways, 999_999_999_999, 899_999_999_999_999, '900/999999999999'],
  ])('of gateway %i, record %i, is %i and told as %s', (gateway, sequence, number, name) => {
    expect(recordNumber({ gateway, sequence })).toBe(number);
    expect(logPlace(number)).toEqual({ gateway, sequence });
    expect(recordName(number)).toBe(name);
    expect(readRecordName(name)).toBe(number);
  });

  test.each(['', 'x', '1/', '/5', '0/5', '901/5', '1000/5', '2/1234567890123', ' 2/5', '2/5 '])('is not told as %j', (text) => {
    expect(readRecordName(text)).toBeNull();
  });
});

describe('the order of records', () => {
  const second = (sequence: number) => recordNumber({ gateway: 2, sequence });
  test.each([
    ['within a log goes by its numbers, whatever the clock said', { sequence: 5, time: 900 }, { sequence: 6, time: 100 }],
    ['between logs goes by time', { sequence: second(1), time: 100 }, { sequence: 6, time: 200 }],
    ['between logs at one moment goes by the gateway', { sequence: 6, time: 100 }, { sequence: second(1), time: 100 }],
  ])('%s', (_words, one, other) => {
    expect(recordsInOrder(one, other)).toBeLessThan(0);
    expect(recordsInOrder(other, one)).toBeGreaterThan(0);
  });
});
