// Whether a moment lies within the hours a rule names. Knows neither clock nor time zone: it is handed the local time.

import type { HoursSpan } from './policy.ts';

const dayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** `weekday` 0 is Sunday, `minute` counts from midnight. A span that begins and ends at the same minute is empty. */
export function withinHours(spans: readonly HoursSpan[], weekday: number, minute: number): boolean {
  const yesterday = (weekday + 6) % 7;
  return spans.some(({ days, fromMinute, toMinute }) => {
    if (fromMinute <= toMinute) return days.includes(weekday) && minute >= fromMinute && minute < toMinute;
    return (days.includes(weekday) && minute >= fromMinute) || (days.includes(yesterday) && minute < toMinute);
  });
}

/** `Mon Tue 07:00-19:00, Sat 08:00-12:00`, for people. */
export function describeHours(spans: readonly HoursSpan[]): string {
  return spans.map((span) => `${span.days.map(dayName).join(' ')} ${clock(span.fromMinute)}-${clock(span.toMinute)}`).join(', ');
}

/** `Sat 10:05`, for people. */
export function describeMoment(weekday: number, minute: number): string {
  return `${dayName(weekday)} ${clock(minute)}`;
}

function dayName(day: number): string {
  return String(dayNames[day]);
}

function clock(minute: number): string {
  return [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':');
}
