// How well alerts fit the wrongs that were put in. Whoever reads alerts reads them by person and day, the most telling
// first; so that is what is ranked.

import type { Found } from './simulate.ts';
import { days, hours } from '../../src/simulate/happening.ts';
import type { Wrong } from '../../src/simulate/happening.ts';

/**
 * How telling an alert of each detector is by itself, from 0 to 1; several of one person and day add up. Single charts of colleagues,
 * households and confidential patients are a question each, and in seeds 1 to 20 mostly one with a good answer.
 */
const weights: Readonly<Record<string, number>> = {
  'after-termination': 0.95,
  'sign-in-spray': 0.9,
  'two-places': 0.9,
  'many-patients': 0.8,
  'large-transfer': 0.8,
  'patient-surge': 0.8,
  'new-network': 0.6,
  'failed-sign-ins': 0.6,
  'dormant-account': 0.5,
  'emergency-access-often': 0.5,
  'after-hours': 0.3,
  'patients-in-order': 0.9,
  'impossible-travel': 0.9,
  'shared-desk': 0.8,
  'unusual-category': 0.8,
  'rules-then-access': 0.8,
  'print-storm': 0.7,
  'export-burst': 0.7,
  'factor-fatigue': 0.7,
  'emergency-same-patient': 0.6,
  'own-chart': 0.9,
  colleague: 0.15,
  'confidential-patient': 0.2,
  household: 0.15,
  'no-relationship': 0.8,
  leaver: 0.6,
  'search-peek': 0.5,
  'new-device': 0.5,
};

/** An alert that comes within so long behind a wrong still tells of it. */
const grace = hours;

export interface Measures {
  readonly prAuc: number;
  readonly precisionAt5PerDay: number;
  readonly alertsPer100PeoplePerWeek: number;
  readonly secondsToDetectMedian: number;
  readonly recallByScenario: Readonly<Record<string, number>>;
}

interface Item {
  readonly day: number;
  readonly score: number;
  readonly right: boolean;
}

export function measure(found: readonly Found[], wrongs: readonly Wrong[], people: number, weeks: number): Measures {
  const items = ranked(found, wrongs);
  const detected = wrongs.map((wrong) => ({ wrong, first: found.find((one) => tells(one, wrong)) }));
  const waits = detected.flatMap(({ wrong, first }) => (first === undefined ? [] : [(first.time - wrong.from) / 1000]));
  return {
    prAuc: averagePrecision(items, detected.filter(({ first }) => first === undefined).length),
    precisionAt5PerDay: precisionAt(items, 5),
    alertsPer100PeoplePerWeek: (found.length / people / weeks) * 100,
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
  const items = new Map<string, { day: number; misses: number; right: boolean }>();
  for (const one of found) {
    const day = Math.floor(one.time / days);
    const key = `${day} ${one.person?.key ?? one.patient ?? one.address}`;
    const item = items.get(key) ?? { day, misses: 1, right: false };
    item.misses *= 1 - (weights[one.detector] ?? 0.5);
    item.right ||= wrongs.some((wrong) => tells(one, wrong));
    items.set(key, item);
  }
  const all = [...items.values()].map(({ day, misses, right }) => ({ day, right, score: 1 - misses }));
  return all.sort((a, b) => b.score - a.score);
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

function precisionAt(items: readonly Item[], most: number): number {
  const byDay = Map.groupBy(items, ({ day }) => day);
  const read = [...byDay.values()].flatMap((one) => one.slice(0, most));
  return read.length === 0 ? 0 : read.filter(({ right }) => right).length / read.length;
}

function recall(all: readonly (readonly [string, boolean])[]): Record<string, number> {
  const groups = Map.groupBy(all, ([scenario]) => scenario);
  return Object.fromEntries([...groups].map(([scenario, one]) => [scenario, one.filter(([, seen]) => seen).length / one.length]));
}

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
