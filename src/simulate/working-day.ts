// A usual day of each person of a simulated clinic, and the requests it causes: most charts are those of patients with an
// appointment in the department; the others come by telephone, by post, or for somebody who is away, and are drawn from all.

import type { Chance } from './chance.ts';
import { hours, minutes } from './happening.ts';
import type { Happening } from './happening.ts';
import type { Appointment } from './register.ts';
import { departments, stations } from './staff.ts';
import type { Desk, Worker } from './staff.ts';

/** From a desk to a station. */
const walkingMilliseconds = 70_000;

export interface Day {
  /** Its midnight. */
  readonly at: number;
  readonly appointments: readonly Appointment[];
  readonly patients: number;
  /** Of the charts that somebody opens, how many are those of patients with an appointment. */
  readonly appointmentShare: number;
}

export function workingDay(worker: Worker, day: Day, chance: Chance): readonly Happening[] {
  const weekday = new Date(day.at).getUTCDay();
  const free = weekday === 0 || weekday === 6;
  if ((free && !worker.weekends) || chance.is(0.08)) return standIn(worker, day, chance);
  const from = day.at + worker.begins * hours + chance.between(-15, 15) * minutes;
  const shift = work(worker, day, { from, lasts: worker.lasts * hours, desk: worker.desk }, chance);
  const { home } = worker;
  if (home === null || !chance.is(home.share)) return shift;
  const evening = { from: day.at + chance.between(20, 21) * hours, lasts: hours, desk: home.desk };
  return [...shift, ...work(worker, day, evening, chance)];
}

/** Once in a while somebody takes another's shift, whenever that is. */
function standIn(worker: Worker, day: Day, chance: Chance): readonly Happening[] {
  if (!chance.is(0.02)) return [];
  return work(worker, day, { from: day.at + chance.of([7, 13, 19]) * hours, lasts: 6 * hours, desk: worker.desk }, chance);
}

interface Shift {
  readonly from: number;
  readonly lasts: number;
  readonly desk: Desk;
}

/** A sign-in, then charts in loose succession. */
function work(worker: Worker, day: Day, { from, lasts, desk }: Shift, chance: Chance): readonly Happening[] {
  const session = `s${from.toString(36)}${worker.sub}`;
  const all: Happening[] = [];
  for (let slips = chance.is(0.1) ? chance.of([1, 1, 2]) : 0; slips > 0; slips -= 1)
    all.push({ time: from - slips * 20_000, event: 'second-factor-failed', person: worker, ...at(desk) });
  all.push({ time: from, event: 'sign-in', person: worker, session, agent: agentAt(desk), ...at(desk) });
  const department = worker.floats ? chance.of(departments) : worker.department;
  // Of a department's patients each of its people has to do with some, not with all.
  const share = worker.patient % 3;
  const known = day.appointments.filter(({ clinician, patient }) => clinician.department === department && patient % 3 === share);
  if (chance.is(0.02)) all.push(...download(worker, from + lasts / 2, session, desk, 2_000_000));
  let time = from;
  for (;;) {
    time += chance.wait(hours / Math.max(worker.chartsPerHour, 4 * Number(worker.role === 'guard')));
    if (time >= from + lasts) return all;
    if (worker.chartsPerHour === 0) {
      all.push(look(worker, time, session, desk, 'schedule'));
      continue;
    }
    const patient =
      known.length > 0 && chance.is(day.appointmentShare)
        ? chance.of(known).patient
        : Math.floor(chance.between(0, day.patients));
    // Their own chart is somebody else's to open.
    if (patient === worker.patient) continue;
    const chart = { session, desk, patient };
    if (worker.role === 'nurse' && chance.is(0.15)) {
      time += walkingMilliseconds;
      all.push(...atStation(worker, time, chart, chance));
      time += 2 * walkingMilliseconds;
    } else all.push(...oneChart(worker, time, chart, chance));
  }
}

interface Chart {
  readonly session: string;
  readonly desk: Desk;
  readonly patient: number;
}

/** Looked up on the way, where several people share a computer. */
function atStation(worker: Worker, time: number, chart: Chart, chance: Chance): readonly Happening[] {
  const desk = chance.of(stations);
  const session = `t${time.toString(36)}${worker.sub}`;
  const comes: Happening = { time: time - 2000, event: 'switched-to', person: worker, session, ...at(desk) };
  const goes: Happening = { time: time + 50_000, event: 'switched-away', person: worker, session, ...at(desk) };
  return [comes, ...opening(worker, time, { ...chart, session, desk }, chance), goes];
}

/** Sometimes found by name. */
function oneChart(worker: Worker, time: number, chart: Chart, chance: Chance): readonly Happening[] {
  const search = chance.is(worker.role === 'front-desk' ? 0.7 : 0.3)
    ? [look(worker, time - 4000, chart.session, chart.desk)]
    : [];
  return [...search, ...opening(worker, time, chart, chance)];
}

/** A page that is about no patient; a search by name where nothing else is said. */
export function look(person: Worker, time: number, session: string, desk: Desk, category = 'demographics'): Happening {
  const what = { category, action: category === 'demographics' ? 'execute' : 'read', roles: person.role } as const;
  return { time, event: 'attempt', person, session, ...at(desk), ...what, activity: 'navigation' };
}

export function opening(person: Worker, time: number, { session, desk, patient }: Chart, chance: Chance): readonly Happening[] {
  const where = { person, session, ...at(desk), patient: `p${patient}`, roles: person.role };
  const category = chance.of(person.categories);
  return [
    { time, event: 'attempt', ...where, category, action: 'read', activity: 'navigation' },
    { time: time + 200, event: 'chart-opened', ...where },
    { time: time + 400, event: 'outcome', ...where, category, bytesOut: Math.floor(chance.wait(400_000)) },
  ];
}

export function download(person: Worker, time: number, session: string, desk: Desk, bytesOut: number): readonly Happening[] {
  return [{ time, event: 'outcome', person, session, ...at(desk), roles: person.role, download: 'disposition', bytesOut }];
}

/** The clinic's computers are alike; what people have at home is their own. */
function agentAt({ address, device }: Desk): string {
  return device === null ? `Home ${address}` : 'Clinic/1.0';
}

export function at({ address, device }: Desk): { address: string; device?: string } {
  return device === null ? { address } : { address, device };
}
