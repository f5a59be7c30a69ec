// The same lists as the CSV files hold, as the rows that detectors know, so that a measurement needs neither files nor keys.

import type { RelationRows, StaffMember, Traits } from '../core/relations/relation-rows.ts';
import { plannedShifts } from './planned-shifts.ts';
import type { Leaving } from './scene.ts';
import type { SimulatedClinic } from './simulated-clinic.ts';
import type { Worker } from './staff.ts';

export function simulatedRelations({ people, patients, appointments, confidential, leavers }: SimulatedClinic): RelationRows {
  const houseOf = (patient: number): number => patients[patient]?.house ?? 0;
  return {
    appointments: appointments.map(({ time, patient, clinician }) => ({
      patient: `p${patient}`,
      day: new Date(time).toISOString().slice(0, 10),
      minute: minuteOfDay(time),
      clinician: clinician.name,
      department: clinician.department,
    })),
    staff: plannedShifts(people).map(({ worker, department, from, to }) => ({
      ...traits(houseOf(worker.patient), worker.surname),
      login: worker.name,
      name: worker.name,
      role: worker.role,
      department,
      patient: `p${worker.patient}`,
      shift: { from: new Date(from).toISOString().slice(0, 16), to: new Date(to).toISOString().slice(0, 16) },
      ...leavingDays(leavers, worker),
    })),
    demographics: patients.map(({ number, surname, house }) => ({ ...traits(house, surname), ids: [`p${number}`] })),
    confidential: confidential.map((patient) => ({ patient: `p${patient}` })),
  };
}

/** What the roster says of somebody's leaving: mostly nothing. */
export function leavingDays(leavers: readonly Leaving[], { key }: Worker): Pick<StaffMember, 'noticeDay' | 'endDay'> {
  const leaving = leavers.find(({ who }) => who.key === key);
  const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
  return leaving === undefined
    ? { noticeDay: null, endDay: null }
    : { noticeDay: dayOf(leaving.noticeDay), endDay: dayOf(leaving.endDay) };
}

function traits(house: number, surname: string): Traits {
  return { email: null, phone: null, address: `street ${house}`, nameAndBirth: null, surname };
}

function minuteOfDay(time: number): number {
  const date = new Date(time);
  return date.getUTCHours() * 60 + date.getUTCMinutes();
}
