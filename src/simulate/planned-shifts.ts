// The roster of a simulated clinic: each day's shift of each person as it was planned, which is not always how it came.

import { began, days, hours } from './happening.ts';
import { departments } from './staff.ts';
import type { Worker } from './staff.ts';

export interface PlannedShift {
  readonly worker: Worker;
  readonly department: string;
  readonly from: number;
  readonly to: number;
}

const plannedDays = 77;

/** Who floats has one in every department. */
export function plannedShifts(people: readonly Worker[]): readonly PlannedShift[] {
  const all: PlannedShift[] = [];
  for (let day = began; day < began + plannedDays * days; day += days)
    for (const worker of people.filter(({ weekends }) => weekends || !isWeekend(day)))
      for (const department of worker.floats ? departments : [worker.department])
        all.push({ worker, department, from: day + worker.begins * hours, to: day + (worker.begins + worker.lasts) * hours });
  return all;
}

function isWeekend(day: number): boolean {
  return [0, 6].includes(new Date(day).getUTCDay());
}
