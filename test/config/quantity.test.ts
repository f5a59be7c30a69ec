import { describe, expect, it } from 'vitest';
import { readCountRate, readDuration, readSize, readSizeRate } from '../../src/config/quantity.ts';

describe('a time', () => {
  it.each([
    ['5s', 5],
    ['15m', 900],
    ['15 min', 900],
    ['12h', 43_200],
    ['2 hours', 7200],
    ['1d', 86_400],
    ['2w', 1_209_600],
    ['6y', 6 * 366 * 86_400],
    ['1.5h', 5400],
    ['0s', 0],
  ])('%s is %i seconds', (text, seconds) => expect(readDuration(text)).toEqual({ value: seconds }));

  it.each([
    ['15', 'has no unit, write 15m, 15s or 15h'],
    ['15x', 'has the unit "x"'],
    ['15MB', 'has the unit "MB"'],
    ['-5s', 'is not a time with its unit'],
    ['', 'is not a time'],
    ['m', 'is not a time'],
    ['1h30m', 'is not a time'],
    ['12345678901s', 'is not a time'],
  ])('%s is refused', (text, problem) => expect(readDuration(text)).toEqual({ problem: expect.stringContaining(problem) }));
});

describe('a size', () => {
  it.each([
    ['64KB', 64_000],
    ['64KiB', 65_536],
    ['200MB', 2e8],
    ['200mb', 2e8],
    ['2GB', 2e9],
    ['5GiB', 5 * 2 ** 30],
    ['1TB', 1e12],
    ['512B', 512],
  ])('%s is %i bytes', (text, bytes) => expect(readSize(text)).toEqual({ value: bytes }));

  it.each(['200', '200Mb/s', '200 bytes', '5m'])('%s is refused', (text) => expect(readSize(text)).toHaveProperty('problem'));
});

describe('a rate', () => {
  it.each([
    [readCountRate('30/hour', 'hour'), { value: 30 }],
    [readCountRate(' 30 / hour ', 'hour'), { value: 30 }],
    [readCountRate('30', 'hour'), { problem: 'must be counted per hour, write 30/hour' }],
    [readCountRate('30/day', 'hour'), { problem: 'must be counted per hour, write 30/hour' }],
    [readCountRate('30/hour/day', 'hour'), { problem: 'must be counted per hour, write 30/hour' }],
    [readCountRate('many/hour', 'hour'), { problem: 'is not a rate, write for example 30/hour' }],
    [readSizeRate('200MB/day', 'day'), { value: 2e8 }],
    [readSizeRate('200MB', 'day'), { problem: 'must be counted per day, write 200MB/day' }],
    [readSizeRate('200/day', 'day'), { problem: 'is not a rate, write for example 200MB/day' }],
  ])('%j', (read, expected) => expect(read).toEqual(expected));
});
