// The short form of `npm run bench:detection`: one simulated clinic, the same every time. Whoever changes a detector sees here
// what becomes blind or loud by it.

import { expect, it } from 'vitest';
import { simulatedClinic } from '../../src/simulate/simulated-clinic.ts';
import { Chance } from '../../src/simulate/chance.ts';
import { measure } from '../../bench/detection/measures.ts';
import { simulate } from '../../bench/detection/simulate.ts';
import type { Found } from '../../bench/detection/simulate.ts';
import { relationScenarios } from '../../src/simulate/relation-scenarios.ts';
import { began, hours } from '../../src/simulate/happening.ts';
import { person } from '../support/seen.ts';

/** What only schedule, roster and demographics show. */
const related = Object.keys(relationScenarios);
const first = simulate(1);

it('sees every loud wrong in a simulated clinic, and little else', { timeout: 240_000 }, () => {
  const { recallByScenario, alertsPer100PeoplePerWeek, precisionAt5PerDay, secondsToDetectMedian } = first.withoutData;
  // Without schedule and directory these look like work.
  const quiet = ['single-search', 'slow-snoop', ...related];
  const loud = Object.fromEntries(Object.entries(recallByScenario).filter(([scenario]) => !quiet.includes(scenario)));
  expect(Object.keys(loud)).toHaveLength(21);
  expect(new Set(Object.values(loud))).toEqual(new Set([1]));
  expect(alertsPer100PeoplePerWeek).toBeLessThan(25);
  expect(precisionAt5PerDay).toBeGreaterThan(0.5);
  expect(secondsToDetectMedian).toBeLessThan(3600);
});

it('sees with schedule, roster and demographics what they alone show, ranks better, and does not flood', () => {
  const { withoutData, withData } = first;
  for (const scenario of related) expect([scenario, withData.recallByScenario[scenario]]).toEqual([scenario, 1]);
  expect(withData.prAuc).toBeGreaterThan(withoutData.prAuc);
  expect(withData.alertsPer100PeoplePerWeek).toBeLessThan(60);
  // What a reviewer is interrupted for.
  expect(withData.precisionAt5PerDay).toBeGreaterThan(0.6);
  expect(withData.toldPer100PeoplePerWeek).toBeLessThan(20);
});

it('measures the same for the same seed, and the clinic is the same', { timeout: 240_000 }, () => {
  expect(simulate(1)).toEqual(first);
  expect(simulatedClinic(3)).toEqual(simulatedClinic(3));
});

it('measures by person and day: what is right, what is missed, what comes late', () => {
  const [nora, omar] = [person('nora'), person('omar')];
  const wrong = (from: number, who = nora, scenario = 'walk') =>
    ({ scenario, people: [who], patient: null, address: null, from: began + from, to: began + from + hours }) as const;
  const found = (time: number, detector: Found['detector'], who = nora): Found => {
    return { detector, person: who, patient: null, words: '', time: began + time, address: null };
  };
  const both = [found(60_000, 'many-patients'), found(5 * hours, 'after-hours', omar)];
  const measured = measure(both, [wrong(0), wrong(30 * hours, omar, 'look')], 10, 2);
  expect(measured).toEqual({
    // One of two was seen, by the first item of the list.
    prAuc: 0.5,
    precisionAt5PerDay: 0.5,
    alertsPer100PeoplePerWeek: 10,
    toldPer100PeoplePerWeek: 10,
    secondsToDetectMedian: 60,
    recallByScenario: { walk: 1, look: 0 },
  });
  expect(measure([], [], 10, 2)).toMatchObject({ prAuc: 0, precisionAt5PerDay: 0, secondsToDetectMedian: 0 });
});

it('takes the same chances for the same seed', () => {
  const draw = (seed: number) =>
    Array.from(
      { length: 5 },
      (
        (chance) => () =>
          chance.next()
      )(new Chance(seed)),
    );
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
  const chance = new Chance(7);
  const drawn = Array.from({ length: 10_000 }, () => chance.next());
  expect(Math.abs(drawn.reduce((sum, one) => sum + one, 0) / drawn.length - 0.5)).toBeLessThan(0.02);
});
