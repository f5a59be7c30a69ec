// One simulated clinic: five weeks in which its habits are learnt, then six with wrongs put in, one a working day. The same for
// the same seed.

import { patientOrder, writeOrderNote } from '../core/patients/order-note.ts';
import { accessScenarios } from './access-scenarios.ts';
import { Chance } from './chance.ts';
import { chartScenarios } from './chart-scenarios.ts';
import { began, days } from './happening.ts';
import type { Happening, Wrong } from './happening.ts';
import { appointmentsOf, around, register } from './register.ts';
import type { Appointment, Patient } from './register.ts';
import { relationScenarios } from './relation-scenarios.ts';
import type { Leaving } from './scene.ts';
import { staff } from './staff.ts';
import type { Worker } from './staff.ts';
import { workingDay } from './working-day.ts';

export const scenarios = { ...chartScenarios, ...relationScenarios, ...accessScenarios };
export const learntDays = 35;
export const judgedDays = 42;
const patientCount = 4000;
/** With it, schedule and roster explain about as much as Fabbri and LeFevre found: more than 94 of 100 openings (2013). */
export const usualAppointmentShare = 0.94;

export interface SimulatedClinic {
  readonly people: readonly Worker[];
  readonly patients: readonly Patient[];
  readonly appointments: readonly Appointment[];
  /** Numbers of patients who are confidential. */
  readonly confidential: readonly number[];
  /** In the order of time. */
  readonly happenings: readonly Happening[];
  readonly wrongs: readonly Wrong[];
  readonly leavers: readonly Leaving[];
}

export function simulatedClinic(seed: number, appointmentShare = usualAppointmentShare): SimulatedClinic {
  const chance = new Chance(seed);
  const patients = register(chance, patientCount);
  const people = staff(chance, patientCount);
  const confidential = Array.from({ length: 20 }, () => Math.floor(chance.between(0, patientCount)));
  const dates = Array.from({ length: learntDays + judgedDays }, (_, index) => began + index * days);
  const appointments = dates.flatMap((day) => appointmentsOf(day, people, patientCount, chance));
  const happenings: Happening[] = [];
  const wrongs: Wrong[] = [];
  const leavers: Leaving[] = [];
  const turns = Object.entries(scenarios);
  for (const [index, day] of dates.entries()) {
    const given = { at: day, appointments: around(appointments, day), patients: patientCount, appointmentShare };
    for (const worker of people) happenings.push(...workingDay(worker, given, chance));
    const weekday = new Date(day).getUTCDay();
    const [scenario, act] = turns[wrongs.length % turns.length] ?? [];
    if (index < learntDays || weekday === 0 || weekday === 6 || scenario === undefined || act === undefined) continue;
    const { wrong, happenings: bad, leaves } = act({ people, patients, confidential, day, chance });
    if (leaves !== undefined) leavers.push(leaves);
    wrongs.push({ scenario, ...wrong });
    happenings.push(...bad);
  }
  happenings.sort((a, b) => a.time - b.time);
  return { people, patients, appointments, confidential, happenings: withOrder(happenings), wrongs, leavers };
}

/** What the gateway would note beside each opening. */
function withOrder(happenings: readonly Happening[]): readonly Happening[] {
  const last = new Map<string, string>();
  return happenings.map((one) => {
    if (one.event !== 'chart-opened' || one.patient === undefined) return one;
    const key = one.session ?? '';
    const before = last.get(key);
    last.set(key, one.patient);
    const detail = before === undefined ? null : writeOrderNote(patientOrder(before, one.patient));
    return detail === null ? one : { ...one, detail };
  });
}
