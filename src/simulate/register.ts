// The patients of a simulated small town, whom they live with, and who has an appointment when. A few surnames are everywhere, so
// that a name that two people share says nothing.

import type { Chance } from './chance.ts';
import { days, hours, minutes } from './happening.ts';
import type { Worker } from './staff.ts';

export interface Patient {
  readonly number: number;
  readonly surname: string;
  /** Number of the house; two or three live in each. */
  readonly house: number;
}

export interface Appointment {
  readonly time: number;
  readonly patient: number;
  readonly clinician: Worker;
}

const commonSurnames = ['Miller', 'Smith', 'Jones', 'Weber', 'Garcia', 'Brown'];
const syllables = ['ber', 'dal', 'fen', 'gor', 'hal', 'kin', 'lor', 'mar', 'nes', 'rud', 'sten', 'tor', 'vik', 'wen'];

export function surnameOf(chance: Chance): string {
  if (chance.is(0.5)) return chance.of(commonSurnames);
  const name = `${chance.of(syllables)}${chance.of(syllables)}${chance.of(syllables)}`;
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

export function register(chance: Chance, count: number): readonly Patient[] {
  const patients: Patient[] = [];
  let [house, surname] = [0, surnameOf(chance)];
  for (let number = 0; number < count; number += 1) {
    if (chance.is(0.4)) [house, surname] = [house + 1, surnameOf(chance)];
    patients.push({ number, surname, house });
  }
  return patients;
}

/** Of one day, in no order; `day` is its midnight. */
export function appointmentsOf(day: number, people: readonly Worker[], patients: number, chance: Chance): readonly Appointment[] {
  const weekday = new Date(day).getUTCDay();
  if (weekday === 0 || weekday === 6) return [];
  return people
    .filter(({ role }) => role === 'physician')
    .flatMap((clinician) =>
      Array.from({ length: 18 }, (_, index): Appointment => ({
        time: day + 8 * hours + index * 30 * minutes,
        patient: Math.floor(chance.between(0, patients)),
        clinician,
      })),
    );
}

/** Appointments from a week before until a day after. */
export function around(appointments: readonly Appointment[], day: number): readonly Appointment[] {
  return appointments.filter(({ time }) => time >= day - 7 * days && time < day + 2 * days);
}
