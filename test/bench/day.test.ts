// The day that is measured is the day that was meant: what is written is found again, by person, patient and hour, verifies,
// and stands in the reports. Numbers alone; no time is judged here.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runDay } from '../../bench/day/run-day.ts';
import type { DayRun } from '../../bench/day/run-day.ts';
import { dayOf } from '../../bench/day/clinic-day.ts';
import { countHours, searchIndex } from '../../src/adapters/audit-index-search.ts';

const began = Date.parse('2026-10-01T00:00:00.000Z');
const options = { began, people: 40, patients: 300, requests: 3000, seed: 3 };
const meant = [...dayOf({ ...options, tokenOf: (id) => `~${id}` })];
const directory = mkdtempSync(join(tmpdir(), 'wardgate-day-'));
let run: DayRun;

beforeAll(async () => {
  run = await runDay(directory, options);
});
afterAll(() => {
  run.index.close();
  rmSync(directory, { recursive: true, force: true });
});

const requests = meant.filter(({ event }) => event !== 'outcome');

test('every record is written, and the record is sound', () => {
  expect(requests).toHaveLength(options.requests);
  expect([run.records, run.sound]).toEqual([meant.length, true]);
  expect(run.steps.find(({ what }) => what.startsWith('grow the tree'))?.count).toBe(meant.length);
});

test('the same seed gives the same day, and another one another', () => {
  const again = (seed: number) =>
    [...dayOf({ ...options, seed, tokenOf: (id) => `~${id}` })].map((one) => JSON.stringify(one)).join();
  expect(again(3) === again(3)).toBe(true);
  expect(again(3) === again(4)).toBe(false);
});

test('people work on their shifts, are refused, and export', () => {
  const hours = new Set(requests.map(({ time }) => Math.floor((time - began) / 3_600_000)));
  expect(hours.size).toBe(24);
  const count = (fits: (one: (typeof meant)[number]) => boolean) => requests.filter(fits).length;
  for (const kind of [count(({ event }) => event === 'refusal'), count(({ category }) => category === 'export')])
    expect(kind).toBeGreaterThan(0);
  expect(count(({ time }) => time - began > 9 * 3_600_000 && time - began < 15 * 3_600_000)).toBeGreaterThan(
    options.requests / 3,
  );
});

test('each person is found with exactly what they did', () => {
  for (const person of ['person0', 'person7', 'person39']) {
    const did = requests.filter(({ subject }) => subject !== null && 'name' in subject && subject.name === person);
    expect([person, searchIndex(run.index.index.database, { person }, 1000).requests.length]).toEqual([
      person,
      Math.min(did.length, 1000),
    ]);
  }
});

test('the hours of the day add up to the day', () => {
  const counted = countHours(run.index.index.database, began, began + 86_399_999);
  expect(counted.reduce((sum, { count }) => sum + count, 0)).toBe(options.requests);
  for (const hour of [8, 12, 20]) {
    const at = began + hour * 3_600_000;
    const did = requests.filter(({ time }) => time >= at && time < at + 3_600_000).length;
    expect(counted.filter((one) => one.hour === at).reduce((sum, { count }) => sum + count, 0)).toBe(did);
  }
});

test('the report of a patient lists whoever opened the chart', () => {
  const opened = requests.filter(({ patient }) => patient === '~7').length;
  expect(opened).toBeGreaterThan(0);
  const report = run.reports.get('patient');
  const listed = report?.sections.find(({ key }) => key === 'requests')?.rows.length;
  expect(listed).toBe(opened);
});
