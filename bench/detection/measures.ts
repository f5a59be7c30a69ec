// How well alerts fit the wrongs that were put in. Ranked are people and days, the most telling first, as the console
// has them; the five of a day are those that a receiver is told one by one.

import { isFrequent } from '../../src/core/detect/frequent-alerts.ts';
import { howTelling } from '../../src/core/detect/how-telling.ts';
import { DayBudget } from '../../src/core/notify/day-budget.ts';
import type { Found } from './simulate.ts';
import { days, hours } from '../../src/simulate/happening.ts';
import type { Wrong } from '../../src/simulate/happening.ts';

/** An alert that comes within so long behind a wrong still tells of it. */
const grace = hours;

export interface Measures {
  readonly prAuc: number;
  readonly precisionAt5PerDay: number;
  readonly alertsPer100PeoplePerWeek: number;
  /** Of them, those that a receiver with a budget of five a day is told one by one. */
  readonly toldPer100PeoplePerWeek: number;
  readonly secondsToDetectMedian: number;
  readonly recallByScenario: Readonly<Record<string, number>>;
}

interface Item {
  readonly score: number;
  readonly right: boolean;
}

export function measure(found: readonly Found[], wrongs: readonly Wrong[], people: number, weeks: number): Measures {
  const items = ranked(found, wrongs);
  const told = toldOneByOne(found, 5);
  const detected = wrongs.map((wrong) => ({ wrong, first: found.find((one) => tells(one, wrong)) }));
  const waits = detected.flatMap(({ wrong, first }) => (first === undefined ? [] : [(first.time - wrong.from) / 1000]));
  return {
    prAuc: averagePrecision(items, detected.filter(({ first }) => first === undefined).length),
    precisionAt5PerDay: told.length === 0 ? 0 : told.filter((one) => isRight(one, wrongs)).length / told.length,
    alertsPer100PeoplePerWeek: (found.length / people / weeks) * 100,
    toldPer100PeoplePerWeek: (told.length / people / weeks) * 100,
    secondsToDetectMedian: middle(waits),
    recallByScenario: recall(detected.map(({ wrong, first }) => [wrong.scenario, first !== undefined])),
  };
}

function tells({ person, patient, time, address }: Found, wrong: Wrong): boolean {
  if (time < wrong.from || time > wrong.to + grace) return false;
  if (patient !== null) return patient === wrong.patient;
  if (person !== null) return wrong.people.some(({ key }) => key === person.key);
  return wrong.address !== null && address === wrong.address;
}

function ranked(found: readonly Found[], wrongs: readonly Wrong[]): readonly Item[] {
  const items = new Map<string, Found[]>();
  for (const one of found) {
    const day = Math.floor(one.time / days);
    const key = `${day} ${one.person?.key ?? one.patient ?? one.address}`;
    const item = items.get(key) ?? [];
    item.push(one);
    items.set(key, item);
  }
  const all = [...items.values()].map((alerts) => ({
    right: alerts.some((one) => isRight(one, wrongs)),
    score: howTelling(alerts),
  }));
  return all.sort((a, b) => b.score - a.score);
}

function isRight(one: Found, wrongs: readonly Wrong[]): boolean {
  return wrongs.some((wrong) => tells(one, wrong));
}

/** What somebody with this budget reads: the very rule by which receivers are told. */
function toldOneByOne(found: readonly Found[], budget: number): readonly Found[] {
  return [...Map.groupBy(found, ({ time }) => Math.floor(time / days)).values()].flatMap((today) => {
    const day = new DayBudget(budget);
    return today.filter(({ person, patient, detector, words }) =>
      day.takes({ person: person?.key ?? null, patient, reason: detector, apart: null, frequent: isFrequent(words) }),
    );
  });
}

/** Area under the precision-recall curve, as the mean of the precision at each right item; what was missed counts as 0. */
function averagePrecision(items: readonly Item[], missed: number): number {
  let right = 0;
  let sum = 0;
  for (const [index, item] of items.entries()) {
    if (!item.right) continue;
    right += 1;
    sum += right / (index + 1);
  }
  return right + missed === 0 ? 0 : sum / (right + missed);
}

function recall(all: readonly (readonly [string, boolean])[]): Record<string, number> {
  const groups = Map.groupBy(all, ([scenario]) => scenario);
  return Object.fromEntries([...groups].map(([scenario, one]) => [scenario, one.filter(([, seen]) => seen).length / one.length]));
}

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
