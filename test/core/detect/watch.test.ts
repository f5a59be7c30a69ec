import { describe, expect, it } from 'vitest';
import { readRecord } from '../../../src/core/audit/read-record.ts';
import { readSeen } from '../../../src/core/detect/read-seen.ts';
import { usualDetectors } from '../../../src/core/detect/detector-settings.ts';
import { spokenTime } from '../../../src/core/detect/spoken-time.ts';
import { farOutside, median } from '../../../src/core/detect/usual.ts';
import { Watch } from '../../../src/core/detect/watch.ts';
import { days, hours, opened, person, seen } from '../../support/seen.ts';

describe('the watch', () => {
  it('tells what one detector says of one person once a day', () => {
    const watch = new Watch(usualDetectors);
    const night = 22 * hours;
    const told = [opened(night, 'p1'), opened(night + 1, 'p2'), opened(night, 'p1', 'omar'), opened(days + night, 'p1')];
    expect(told.map((one) => watch.see(one).length)).toEqual([1, 0, 1, 1]);
  });

  it('does not tell again what is on record as an alert', () => {
    const watch = new Watch(usualDetectors);
    expect(watch.see(seen('alert', 22 * hours, { reason: 'after-hours' }))).toEqual([]);
    expect(watch.see(seen('alert', 22 * hours, { person: null }))).toEqual([]);
    expect(watch.see(opened(22 * hours, 'p1'))).toEqual([]);
    expect(watch.see(opened(22 * hours, 'p1', 'omar'))).toHaveLength(1);
  });

  it('tells of a patient without a person, and of neither', () => {
    const watch = new Watch(usualDetectors);
    const surge = Array.from({ length: 8 }, (_, i) => watch.see(opened(9 * hours + i, 'p1', `w${i}`)));
    expect(surge.flat()).toMatchObject([{ detector: 'patient-surge', patient: 'p1' }]);
    expect(watch.see(seen('restored', 9 * hours, { person: null }))).toMatchObject([{ detector: 'record-in-doubt' }]);
  });
});

describe('a record as detectors see it', () => {
  const local = { weekday: 1, minute: 0, day: '2026-11-02', open: false };
  const line = (fields: Record<string, unknown>): string =>
    JSON.stringify({ seq: 7, ...fields, prev: '0'.repeat(64), hash: '1'.repeat(64) });
  const read = (fields: Record<string, unknown>) => {
    const record = readRecord(line(fields));
    return record && readSeen(record, () => local);
  };
  const time = '2026-11-02T00:00:00.000Z';

  it('has what the record says', () => {
    const { issuer, sub, name } = person('nora');
    const where = { session: 's1', device: 'desk', address: '10.20.5.7', agent: 'Firefox' };
    const what = { patient: '~p', category: 'notes', action: 'read', download: 'size', activity: 'navigation', bytesOut: 5 };
    const fields = { ...where, ...what };
    expect(
      read({
        time,
        event: 'outcome',
        subject: { issuer, sub, name },
        roles: ['nurse', 'it'],
        ...fields,
        reason: 'r',
        detail: 'd',
      }),
    ).toEqual({
      sequence: 7,
      time: Date.parse(time),
      local,
      event: 'outcome',
      person: person('nora'),
      roles: 'nurse, it',
      ...fields,
      reason: 'r',
      detail: 'd',
    });
  });

  it.each([
    [undefined, null],
    [null, null],
    ['nora', null],
    [{ machine: 'lab' }, null],
    [{ issuer: 'i' }, null],
    [
      { issuer: 'i', sub: 's' },
      { issuer: 'i', sub: 's', name: '', key: 'i s' },
    ],
  ])('takes %j for %j', (subject, expected) => {
    expect(read({ time, event: 'outcome', subject })?.person).toEqual(expected);
  });

  it('is none without a time', () => {
    expect(read({ event: 'outcome' })).toBeNull();
    expect(read({ time: 'soon', event: 'outcome' })).toBeNull();
  });
});

describe('what is usual', () => {
  it.each([
    [[], 0],
    [[4], 4],
    [[9, 1], 5],
    [[9, 1, 2], 2],
  ])('has of %j the middle %d', (figures, expected) => {
    expect(median(figures)).toBe(expected);
  });

  it('is known from ten figures on, and no wild one moves it', () => {
    expect(farOutside([1, 2, 3])).toBeNull();
    expect(farOutside([3, 3, 4, 4, 5, 5, 6, 6, 7, 900])).toBe(5 + 6 * 1);
  });
});

it('leaves out detectors that are off', () => {
  const watch = new Watch({ ...usualDetectors, 'after-hours': null });
  expect(watch.see(opened(22 * hours, 'p1'))).toEqual([]);
});

it.each([
  [1, '1 second'],
  [90, '90 seconds'],
  [60, '1 minute'],
  [900, '15 minutes'],
  [7200, '2 hours'],
  [86_400, '1 day'],
  [7 * 86_400, '7 days'],
])('speaks of %d seconds as %s', (seconds, spoken) => {
  expect(spokenTime(seconds)).toBe(spoken);
});
