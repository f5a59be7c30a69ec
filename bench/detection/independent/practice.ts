// A third made-up place, small and closed at night: a practice of eight that opens from eight to six. Two of them end their day
// at home, one comes early. What is asked of it: whoever comes at night without ever having done so is told, and nobody else.

import type { Seen, SeenPerson } from '../../../src/core/detect/seen.ts';

export interface Practice {
  readonly record: readonly Seen[];
  /** The one who came at night, and when. */
  readonly nightKey: string;
  readonly nightAt: number;
  /** From then on alerts are judged. */
  readonly judgedFrom: number;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const start = Date.UTC(2027, 2, 1);
const workingDays = 50;
const learntDays = 30;
/** Patients of an hour. */
const hourly = 3;

/** Everything follows from numbers alone: no two days are alike, and no chance is in it. */
export function practice(): Practice {
  const people = Array.from({ length: 8 }, (_, index) => somebody(`r${String(index)}`));
  const record: Omit<Seen, 'sequence'>[] = [];
  for (let index = 0; index < workingDays; index += 1) {
    const midnight = start + (Math.floor(index / 5) * 7 + (index % 5)) * day;
    for (const [number, person] of people.entries()) {
      const from = number === 7 ? 6.5 : 8;
      for (let at = 0; at < 9 * hourly; at += 1)
        record.push(chart(person, midnight + (from + at / hourly) * hour + ((index * 7 + at * 3 + number) % 15) * minute, at));
      // Letters, on some evenings.
      if (number < 2 && (index + number) % 2 === 0) record.push(chart(person, midnight + 20.5 * hour, index));
    }
  }
  const night = people[4] ?? somebody('nobody');
  const nightAt = start + 8 * 7 * day + 23 * hour;
  record.push(...Array.from({ length: 6 }, (_, at) => chart(night, nightAt + at * 5 * minute, 900 + at)));
  const ordered = record.toSorted((a, b) => a.time - b.time).map((one, index) => ({ ...one, sequence: index + 1 }));
  return { record: ordered, nightKey: night.key, nightAt, judgedFrom: start + (learntDays / 5) * 7 * day };
}

function chart(person: SeenPerson, time: number, patient: number): Omit<Seen, 'sequence'> {
  const date = new Date(time);
  const [weekday, minuteOfDay] = [date.getUTCDay(), date.getUTCHours() * 60 + date.getUTCMinutes()];
  const open = weekday > 0 && weekday < 6 && minuteOfDay >= 8 * 60 && minuteOfDay < 18 * 60;
  const local = { weekday, minute: minuteOfDay, day: date.toISOString().slice(0, 10), open };
  const nothing = { roles: null, agent: null, category: null, action: null, download: null, device: null, detail: null };
  const none = { session: null, address: null, reason: null, activity: null, bytesOut: null };
  return { ...nothing, ...none, event: 'chart-opened', time, local, person, patient: `${person.sub}-${String(patient)}` };
}

function somebody(sub: string): SeenPerson {
  return { issuer: 'https://practice.example', sub, name: sub, key: `https://practice.example ${sub}` };
}
