// One simulated clinic: five weeks in which its habits are learnt, then four with wrongs put in, one a working day, through
// the very detectors of the product with their usual settings.

import { usualDetectors } from '../../src/core/detect/detector-settings.ts';
import type { Finding } from '../../src/core/detect/detector.ts';
import { Watch } from '../../src/core/detect/watch.ts';
import { Chance } from './chance.ts';
import { began, days, seenOf } from './happening.ts';
import type { Happening, Wrong } from './happening.ts';
import { measure } from './measures.ts';
import type { Measures } from './measures.ts';
import { scenarios } from './scenarios.ts';
import { staff, usualDay } from './staff.ts';

export interface Found extends Finding {
  readonly time: number;
  readonly address: string | null;
}

const learntDays = 35;
const judgedDays = 28;

export function simulate(seed: number): Measures {
  const chance = new Chance(seed);
  const people = staff(chance);
  const happenings: Happening[] = [];
  const wrongs: Wrong[] = [];
  const all = Object.values(scenarios);
  let next = 0;
  for (let index = 0; index < learntDays + judgedDays; index += 1) {
    const day = began + index * days;
    for (const worker of people) happenings.push(...usualDay(worker, day, chance));
    const weekday = new Date(day).getUTCDay();
    if (index < learntDays || weekday === 0 || weekday === 6) continue;
    const turn = all[next % all.length];
    if (turn === undefined) continue;
    const { wrong, happenings: bad } = turn(people, day, chance);
    next += 1;
    wrongs.push(wrong);
    happenings.push(...bad);
  }
  happenings.sort((a, b) => a.time - b.time);
  const judgedFrom = began + learntDays * days;
  const watch = new Watch(usualDetectors);
  const found = happenings.flatMap((one, index) =>
    watch.see(seenOf(one, index + 1)).map((finding): Found => ({ ...finding, time: one.time, address: one.address ?? null })),
  );
  return measure(
    found.filter(({ time }) => time >= judgedFrom),
    wrongs,
    people.length,
    judgedDays / 7,
  );
}
