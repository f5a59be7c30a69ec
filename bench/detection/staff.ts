// The people of a simulated clinic of about fifty, and what a usual day of each looks like. Some have the night, some work
// from home in the evening, some stand in for others now and then: none of that is wrong.

import type { SeenPerson } from '../../src/core/detect/seen.ts';
import type { Chance } from './chance.ts';
import { hours, minutes } from './happening.ts';
import type { Happening } from './happening.ts';

export interface Worker extends SeenPerson {
  readonly role: 'physician' | 'nurse' | 'front-desk' | 'billing';
  /** Hour at which the shift begins, and how long it is. */
  readonly begins: number;
  readonly lasts: number;
  readonly chartsPerHour: number;
  readonly desks: readonly string[];
  /** Evenings a week at home, and from where; null: never. */
  readonly home: { readonly share: number; readonly address: string } | null;
  readonly weekends: boolean;
}

const roles = [
  { role: 'physician', count: 10, begins: [8, 9], lasts: 9, chartsPerHour: 3 },
  { role: 'nurse', count: 18, begins: [7, 7, 8, 11], lasts: 8, chartsPerHour: 5 },
  { role: 'nurse', count: 4, begins: [22], lasts: 8, chartsPerHour: 2 },
  { role: 'front-desk', count: 10, begins: [7, 8, 10], lasts: 8, chartsPerHour: 8 },
  { role: 'billing', count: 6, begins: [8], lasts: 8, chartsPerHour: 7 },
] as const;

export function staff(chance: Chance): readonly Worker[] {
  const all: Worker[] = [];
  for (const { role, count, begins, lasts, chartsPerHour } of roles) {
    for (let index = 0; index < count; index += 1) {
      const sub = `${role}-${all.length}`;
      const desk = 10 + (all.length % 30);
      all.push({
        issuer: 'https://idp.example',
        sub,
        name: sub,
        key: `https://idp.example ${sub}`,
        role,
        begins: chance.of(begins),
        lasts,
        chartsPerHour: chartsPerHour * chance.between(0.7, 1.3),
        desks: [`10.20.5.${desk}`, `10.20.6.${desk}`],
        home: role === 'physician' && chance.is(0.6) ? { share: 0.4, address: `192.0.${all.length}.7` } : null,
        weekends: begins[0] === 22,
      });
    }
  }
  return all;
}

/** `day` is its midnight. */
export function usualDay(worker: Worker, day: number, chance: Chance): readonly Happening[] {
  const weekday = new Date(day).getUTCDay();
  const free = weekday === 0 || weekday === 6;
  if ((free && !worker.weekends) || chance.is(0.08)) return standIn(worker, day, chance);
  const from = day + worker.begins * hours + chance.between(-15, 15) * minutes;
  const shift = work(worker, from, worker.lasts * hours, chance.of(worker.desks), worker.chartsPerHour, chance);
  const { home } = worker;
  if (home === null || !chance.is(home.share)) return shift;
  return [...shift, ...work(worker, day + chance.between(20, 21) * hours, hours, home.address, 3, chance)];
}

/** Once in a while somebody takes another's shift, whenever that is. */
function standIn(worker: Worker, day: number, chance: Chance): readonly Happening[] {
  if (!chance.is(0.02)) return [];
  return work(worker, day + chance.of([7, 13, 19]) * hours, 6 * hours, chance.of(worker.desks), worker.chartsPerHour, chance);
}

/** A sign-in, then charts in loose succession. */
export function work(
  worker: Worker,
  from: number,
  lasts: number,
  address: string,
  chartsPerHour: number,
  chance: Chance,
): readonly Happening[] {
  const session = `s${from.toString(36)}${worker.sub}`;
  const all: Happening[] = [];
  for (let slips = chance.is(0.1) ? chance.of([1, 1, 2]) : 0; slips > 0; slips -= 1)
    all.push({ time: from - slips * 20_000, event: 'second-factor-failed', person: worker, address });
  all.push({ time: from, event: 'sign-in', person: worker, session, address });
  let time = from;
  for (;;) {
    time += chance.wait(hours / chartsPerHour);
    if (time >= from + lasts) return all;
    all.push(...opening(worker, time, session, address, `p${Math.floor(chance.between(0, 4000))}`, chance));
  }
}

export function opening(
  person: Worker,
  time: number,
  session: string,
  address: string,
  patient: string,
  chance: Chance,
): readonly Happening[] {
  return [
    { time, event: 'attempt', person, session, address, patient, activity: 'navigation' },
    { time: time + 200, event: 'chart-opened', person, session, address, patient },
    { time: time + 400, event: 'outcome', person, session, address, patient, bytesOut: Math.floor(chance.wait(400_000)) },
  ];
}
