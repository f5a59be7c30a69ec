import { describe, expect, it } from 'vitest';
import { compareSegmentNames, nextSegmentName, readSegmentFile, readSegmentName } from '../../../src/core/audit/segment-name.ts';

describe('readSegmentName', () => {
  it.each([
    ['2026-11-23.jsonl', { date: '2026-11-23', number: 1 }],
    ['2026-11-23.2.jsonl', { date: '2026-11-23', number: 2 }],
    ['2026-11-23.10.jsonl', { date: '2026-11-23', number: 10 }],
    ['2026-11-23.1.jsonl', null],
    ['2026-11-23.02.jsonl', null],
    ['2026-11-23.jsonl.gz', null],
    ['head.json', null],
  ])('%s', (name, parts) => {
    expect(readSegmentName(name)).toEqual(parts);
  });
});

describe('readSegmentFile', () => {
  it.each([
    ['2026-11-23.jsonl', { name: '2026-11-23.jsonl', form: 'plain' }],
    ['2026-11-23.2.jsonl.gz', { name: '2026-11-23.2.jsonl', form: 'packed' }],
    ['2026-11-23.jsonl.pruned', { name: '2026-11-23.jsonl', form: 'pruned' }],
    ['2026-11-23.jsonl.bak', null],
    ['x.jsonl.gz', null],
    ['head.json', null],
  ])('%s', (name, file) => {
    expect(readSegmentFile(name)).toEqual(file);
  });
});

describe('compareSegmentNames', () => {
  it('sorts by day and number', () => {
    const names = ['2026-11-24.jsonl', '2026-11-23.10.jsonl', '2026-11-23.2.jsonl', '2026-11-23.jsonl'];
    expect(names.sort(compareSegmentNames)).toEqual([
      '2026-11-23.jsonl',
      '2026-11-23.2.jsonl',
      '2026-11-23.10.jsonl',
      '2026-11-24.jsonl',
    ]);
    expect(compareSegmentNames('2026-11-23.jsonl', '2026-11-23.jsonl')).toBe(0);
    expect(compareSegmentNames('x', '2026-11-23.jsonl')).toBe(1);
  });
});

describe('nextSegmentName', () => {
  it.each([
    [[], '2026-11-23.jsonl'],
    [['2026-11-22.jsonl', 'head.json'], '2026-11-23.jsonl'],
    [['2026-11-23.jsonl'], '2026-11-23.2.jsonl'],
    [['2026-11-23.9.jsonl', '2026-11-23.10.jsonl', '2026-11-23.jsonl'], '2026-11-23.11.jsonl'],
    [['2026-11-24.jsonl'], '2026-11-24.2.jsonl'],
  ])('behind %j comes %s', (taken, next) => {
    expect(nextSegmentName('2026-11-23', taken)).toBe(next);
  });
});
