// The detectors with their usual settings in a place that none of them was tuned on, over three seeds: every gross wrong is
// told, and whoever reads the alerts is not flooded.

import { expect, it } from 'vitest';
import { practice } from '../../bench/detection/independent/practice.ts';
import { ward } from '../../bench/detection/independent/ward.ts';
import { usualDetectors } from '../../src/core/detect/detector-settings.ts';
import { Watch } from '../../src/core/detect/watch.ts';

const hour = 3_600_000;

it.each([11, 12, 13])('finds every gross wrong in another made-up place, and floods nobody (seed %i)', (seed) => {
  const { people, weeks, judgedFrom, record, cases } = ward(seed);
  const watch = new Watch(usualDetectors);
  const told = record
    .flatMap((seen) => watch.see(seen).map((finding) => ({ ...finding, time: seen.time })))
    .filter(({ time }) => time >= judgedFrom);
  const tells = (one: (typeof told)[number], { about, from, to }: (typeof cases)[number]): boolean => {
    const within = one.time >= from && one.time <= to + hour;
    return within && (about === null ? one.detector === 'record-in-doubt' : one.patient === about || one.person?.key === about);
  };
  const missed = cases.filter((one) => !told.some((alert) => tells(alert, one)));
  expect(missed.map(({ name }) => name)).toEqual([]);
  const wrong = told.filter((alert) => !cases.some((one) => tells(alert, one)));
  expect((wrong.length / people / weeks) * 100).toBeLessThan(40);
});

it('is the same for the same seed, and another for another', () => {
  expect(ward(5)).toEqual(ward(5));
  expect(ward(5).record.length).not.toBe(ward(6).record.length);
});

it('tells of whoever comes at night to a practice that closes, and of nobody who ends the day at home', () => {
  const { record, nightKey, nightAt, judgedFrom } = practice();
  const watch = new Watch(usualDetectors);
  const told = record.flatMap((seen) => watch.see(seen).map((finding) => ({ ...finding, time: seen.time })));
  const judged = told.filter(({ time }) => time >= judgedFrom);
  expect(judged.map(({ detector, person, time }) => [detector, person?.key, time])).toEqual([['after-hours', nightKey, nightAt]]);
});
