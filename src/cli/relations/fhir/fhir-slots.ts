// Schedules and their Slots as shifts: whoever has slots, taken or free, is at work then. Slots that lie near each other are one
// shift; what is blocked is none.

import type { FhirEntry } from './fhir-entries.ts';
import { conceptText, firstText, objectIn, objectsIn, textIn } from './fhir-json.ts';
import type { FhirNeeds } from './fhir-reader.ts';
import { shiftOf } from './weekly-shifts.ts';
import type { Shift } from './weekly-shifts.ts';

const mostSchedules = 50_000;
/** Of all schedules together. */
const mostSlots = 500_000;
/** A pause up to so long is part of the shift. */
const pauseMinutes = 60;
const longestSlotMinutes = 1440;
const minuteMilliseconds = 60_000;
const atWork: ReadonlySet<string> = new Set(['busy', 'free', 'busy-tentative']);

export interface SlotShift {
  readonly shift: Shift;
  readonly department: string | null;
}

interface Found {
  /** Ids of practitioners, and of roles. */
  readonly actors: readonly string[];
  readonly department: string | null;
}

type Span = readonly [number, number];

export class FhirSlots {
  readonly #needs: Pick<FhirNeeds, 'localOf' | 'leave'>;
  readonly #schedules = new Map<string, Found>();
  /** Minutes on the clinic's clock, of each schedule. */
  readonly #spans = new Map<string, { readonly all: Span[]; readonly where: string }>();
  #slots = 0;

  constructor(needs: Pick<FhirNeeds, 'localOf' | 'leave'>) {
    this.#needs = needs;
  }

  takeSchedule({ resource, id, where, refersTo }: FhirEntry): void {
    const actors = objectsIn(resource, 'actor');
    const people = actors.flatMap((one) => {
      const to = refersTo(one);
      return to?.type === 'Practitioner' || to?.type === 'PractitionerRole' ? [`${to.type}/${to.id}`] : [];
    });
    const places = actors.filter((one) => !['Practitioner', 'PractitionerRole', undefined].includes(refersTo(one)?.type));
    const named = [...objectsIn(resource, 'serviceType').map(conceptText), ...places.map((one) => textIn(one, 'display'))];
    if (resource['active'] === false) this.#needs.leave('the Schedule is not active', where);
    else if (people.length === 0) this.#needs.leave('the Schedule names no Practitioner or PractitionerRole by reference', where);
    else if (this.#schedules.size >= mostSchedules) this.#needs.leave('too many Schedules', where);
    else this.#schedules.set(id, { actors: people, department: firstText(...named) || null });
  }

  takeSlot({ resource, where, refersTo }: FhirEntry): void {
    const { leave } = this.#needs;
    const status = textIn(resource, 'status');
    const schedule = refersTo(objectIn(resource, 'schedule'))?.id ?? '';
    const [from, to] = ['start', 'end'].map((key) => this.#minuteOf(textIn(resource, key)));
    if (!atWork.has(status)) leave(`the Slot is ${status === 'busy-unavailable' ? 'blocked' : 'not in use'}`, where);
    else if (schedule === '') leave('the Slot names no Schedule by reference', where);
    else if (from === undefined || to === undefined || from === null || to === null || to <= from)
      leave('start and end of the Slot cannot be read, or it ends before it begins', where);
    else if (to - from > longestSlotMinutes) leave('the Slot is longer than a day', where);
    else if (this.#slots >= mostSlots) leave(`more than ${mostSlots} Slots`, where);
    else {
      this.#slots += 1;
      const known = this.#spans.get(schedule) ?? { all: [], where };
      known.all.push([from, to]);
      this.#spans.set(schedule, known);
    }
  }

  /** By `Practitioner/ID` or `PractitionerRole/ID`, once every resource was taken. */
  shifts(): ReadonlyMap<string, readonly SlotShift[]> {
    const shifts = new Map<string, SlotShift[]>();
    for (const [id, { all, where }] of this.#spans) {
      const schedule = this.#schedules.get(id);
      if (schedule === undefined) this.#needs.leave('the Schedule of the Slot is not in the file, or of no use', where);
      else
        for (const actor of schedule.actors) {
          const own = joined(all).map((span) => ({ shift: shiftFrom(span), department: schedule.department }));
          shifts.set(actor, [...(shifts.get(actor) ?? []), ...own]);
        }
    }
    return shifts;
  }

  #minuteOf(time: string): number | null {
    const local = this.#needs.localOf(time);
    return local === null || local.minute === null ? null : Date.parse(local.day) / minuteMilliseconds + local.minute;
  }
}

function joined(spans: readonly Span[]): readonly Span[] {
  const found: [number, number][] = [];
  for (const [from, to] of spans.toSorted((a, b) => a[0] - b[0])) {
    const last = found.at(-1);
    if (last !== undefined && from - last[1] <= pauseMinutes) last[1] = Math.max(last[1], to);
    else found.push([from, to]);
  }
  return found;
}

function shiftFrom([from, to]: Span): Shift {
  const day = new Date(from * minuteMilliseconds).toISOString().slice(0, 10);
  const fromMinute = from - Date.parse(day) / minuteMilliseconds;
  return shiftOf(day, { fromMinute, minutes: to - from });
}
