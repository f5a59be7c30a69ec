// Reads the times of a schedule as exports write them, on the clinic's clock. A date that two countries read as two days is none.

import { readBirthDate } from '../patients/birth-date.ts';

export interface WallTime {
  /** `2026-11-30`. */
  readonly day: string;
  /** After midnight; null where only the day is said. */
  readonly minute: number | null;
}

/** A zone or offset behind it, and the seconds, are left aside: exports of a clinic are on the clinic's clock. */
const clock = /^(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?(?:\s*([ap])\.?m\.?)?$/i;
const dayMinutes = 1440;

/** `2026-11-30 10:30`, `30.11.2026 10:30`, `2026-11-30T10:30:00`, or a day alone; null where it is none of them. */
export function readWallTime(text: string): WallTime | null {
  const [, date = '', rest = ''] = /^(\S*?)(?:[T ]\s*(.*))?$/.exec(text) ?? [];
  const read = readBirthDate(date);
  if (!('date' in read) || read.date === null) return null;
  if (rest === '') return { day: read.date, minute: null };
  const minute = readClock(rest);
  return minute === null ? null : { day: read.date, minute };
}

/** `10:30`, `10:30:00`, `2:05 pm`. */
export function readClock(text: string): number | null {
  const [, hour = '', minute = '', half] = clock.exec(text) ?? [];
  if (hour === '' || Number(minute) > 59) return null;
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  const minutes = hours * 60 + Number(minute);
  return minutes < dayMinutes && (half === undefined || (Number(hour) > 0 && Number(hour) <= 12)) ? minutes : null;
}

/** `2026-11-30T07:00`, which sorts as time does. */
export function writeWallTime(day: string, minute: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${day}T${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** Days between two days, as a whole number. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}
