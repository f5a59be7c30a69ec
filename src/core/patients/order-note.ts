// How the number of a patient lies to that of the one whose chart was opened before. The record has tokens, which hide any order,
// so the gateway writes this beside an opening, and the detectors read it back.

export type PatientOrder = 'up' | 'down';

/** Further apart, two numbers are no neighbours. */
const mostApart = 20;
const notes = { up: 'Next to the chart opened before, upwards', down: 'Next to the chart opened before, downwards' } as const;

/** Null where they are no neighbours, are not numbered, or are the same. */
export function patientOrder(before: string, now: string): PatientOrder | null {
  const [one, other] = [numbered(before), numbered(now)];
  if (one === null || other === null || one.named !== other.named) return null;
  const apart = other.number - one.number;
  if (apart === 0 || Math.abs(apart) > mostApart) return null;
  return apart > 0 ? 'up' : 'down';
}

export function writeOrderNote(order: PatientOrder | null): string | null {
  return order === null ? null : notes[order];
}

export function readOrderNote(detail: string | null): PatientOrder | null {
  if (detail === notes.up) return 'up';
  return detail === notes.down ? 'down' : null;
}

/** What stands before the number must be the same in both: `MRN-0017`. */
function numbered(id: string): { readonly named: string; readonly number: number } | null {
  const [, named = '', digits] = /^(.*?)(\d{1,15})$/.exec(id) ?? [];
  return digits === undefined ? null : { named, number: Number(digits) };
}
