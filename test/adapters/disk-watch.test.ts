// The watch on the disks: when it looks, when it raises the alarm, and that it says so once a day and not every hour.

import { expect, test } from 'vitest';
import { DiskWatch } from '../../src/adapters/disk-watch.ts';
import { FakeLog } from '../support/fake-ports.ts';

const hour = 3_600_000;

function world(perHour: number, free = 100e9, devices: Readonly<Record<string, number>> = { '/audit': 1, '/data': 1 }) {
  const clock = { at: 0, monotonic: () => clock.at };
  const log = new FakeLog();
  const state = { free, perHour, asked: 0 };
  const watch = new DiskWatch({
    disks: [
      { holds: 'the access record', directory: '/audit' },
      { holds: 'sessions and stored secrets', directory: '/data' },
    ],
    clock,
    log,
    look: (directory) => {
      state.asked += 1;
      const device = devices[directory];
      return device === undefined ? null : { freeBytes: state.free, device };
    },
  });
  const pass = (hours: number): void => {
    for (let n = 0; n < hours; n += 1) {
      watch.look();
      clock.at += hour;
      state.free -= state.perHour;
    }
  };
  return { watch, clock, log, state, pass };
}

test('it looks once an hour, however often it is called', () => {
  const { watch, clock, state } = world(0);
  for (let n = 0; n < 10; n += 1) watch.look();
  expect(state.asked).toBe(2);
  clock.at = hour - 1;
  watch.look();
  expect(state.asked).toBe(2);
  clock.at = hour;
  watch.look();
  expect(state.asked).toBe(4);
});

test('before six hours nobody knows; a disk that does not fill is never full', () => {
  const { watch, pass } = world(0, 5e9);
  expect([watch.days, watch.freeBytes]).toEqual([Number.NaN, Number.NaN]);
  pass(6);
  expect([watch.days, watch.freeBytes]).toEqual([Number.NaN, 5e9]);
  pass(1);
  expect(watch.days).toBe(Number.POSITIVE_INFINITY);
  expect(watch.alarms()).toEqual([]);
});

test.each([
  ['at fourteen days and a little', 14 * 24e9 + 7e9, []],
  ['at fourteen days', 14 * 24e9 + 6e9, ['in 14 days']],
  ['at a day and a half', 42e9, ['in 1 day at']],
  ['within the day', 16e9, ['in less than a day']],
])('%s', (_case, free, told) => {
  const { watch, pass, log } = world(1e9, free);
  pass(7);
  // Both directories lie on one disk: one alarm.
  expect(watch.alarms()).toHaveLength(told.length);
  for (const [index, words] of told.entries()) {
    expect(watch.alarms()[index]).toContain(`The disk that holds the access record will be full ${words}`);
    expect(log.said).toMatchObject([{ level: 'error', message: watch.alarms()[index], fields: { directory: '/audit' } }]);
  }
});

test('the log hears of it once a day while it lasts, and once when it is over', () => {
  const { watch, pass, log, state } = world(1e9, 120e9);
  pass(7 + 24);
  expect(log.said.map(({ level }) => level)).toEqual(['error', 'error']);
  state.perHour = 0;
  state.free = 900e9;
  pass(24 * 8);
  expect(log.said.at(-1)).toMatchObject({ level: 'info', message: 'The disk is no longer about to be full' });
  expect(watch.alarms()).toEqual([]);
});

test('two disks have an alarm each, and one that cannot be looked at has none here', () => {
  const two = world(1e9, 50e9, { '/audit': 1, '/data': 2 });
  two.pass(7);
  expect(two.watch.alarms()).toHaveLength(2);
  const none = world(1e9, 50e9, {});
  none.pass(7);
  expect([none.watch.alarms(), none.watch.days]).toEqual([[], Number.NaN]);
});

test('the disk of this machine has room', () => {
  const watch = new DiskWatch({
    disks: [
      { holds: 'a test', directory: '/' },
      { holds: 'nothing', directory: '/nowhere' },
    ],
    clock: { monotonic: () => 0 },
    log: new FakeLog(),
  });
  watch.look();
  expect(watch.freeBytes).toBeGreaterThan(0);
});
