// `npm run bench:detection`: how well the detectors see the wrongs that are put into simulated clinics, over seeds on which
// no threshold was tuned (those are 1 to 20). Figures are means, with the range in which 95 % of such means lie.

import { parseArgs } from 'node:util';
import type { Measures } from './measures.ts';
import { usualAppointmentShare } from '../../src/simulate/simulated-clinic.ts';
import { simulate } from './simulate.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seeds: { type: 'string', default: '101-120' },
    // Of the openings, how many are of patients with an appointment; 0.85 is the harder clinic of docs/alerts.md.
    appointments: { type: 'string', default: String(usualAppointmentShare) },
  },
});
const [first = 0, last = 0] = values.seeds.split('-').map(Number);
if (!(first >= 0 && last >= first && last - first < 1000)) throw new Error('--seeds is a range such as 101-120');
const runs = Array.from({ length: last - first + 1 }, (_, index) => simulate(first + index, Number(values.appointments)));

const figures = [
  'prAuc',
  'precisionAt5PerDay',
  'alertsPer100PeoplePerWeek',
  'toldPer100PeoplePerWeek',
  'secondsToDetectMedian',
] as const;

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

/** Half of the 95 % range of the mean. */
function spread(numbers: readonly number[]): number {
  if (numbers.length < 2) return 0;
  const middle = mean(numbers);
  const variance = numbers.reduce((sum, number) => sum + (number - middle) ** 2, 0) / (numbers.length - 1);
  return 1.96 * Math.sqrt(variance / numbers.length);
}

function recallOf(all: readonly Measures[]): Record<string, number> {
  const names = new Set(all.flatMap(({ recallByScenario }) => Object.keys(recallByScenario)));
  return Object.fromEntries(
    [...names].map((name) => [name, mean(all.flatMap(({ recallByScenario }) => recallByScenario[name] ?? []))]),
  );
}

function summary(all: readonly Measures[]): object {
  return {
    ...Object.fromEntries(figures.map((name) => [name, mean(all.map((run) => run[name]))])),
    recallByScenario: recallOf(all),
  };
}

function tell(title: string, all: readonly Measures[]): void {
  console.log(`\n${title}\n`);
  for (const name of figures) {
    const numbers = all.map((run) => run[name]);
    console.log(`${name.padEnd(28)}${mean(numbers).toFixed(3).padStart(10)}  ± ${spread(numbers).toFixed(3)}`);
  }
  console.log('\nShare of the wrongs that were seen:');
  for (const [name, share] of Object.entries(recallOf(all))) console.log(`  ${name.padEnd(26)}${share.toFixed(2).padStart(10)}`);
}

const without = runs.map(({ withoutData }) => withoutData);
const given = runs.map(({ withData }) => withData);
if (values.json) {
  console.log(JSON.stringify({ withoutData: summary(without), withData: summary(given) }));
} else {
  console.log(`Seeds ${first} to ${last}`);
  tell('Without schedule, roster and demographics', without);
  tell('With them', given);
}
