// Reads working hours, `Mon-Fri 07:00-19:00, Sat 08:00-12:00`, in the clinic's time zone. A span whose end lies before
// its beginning goes over midnight and belongs to the day on which it began.

import type { HoursSpan } from '../core/policy/policy.ts';
import type { Read } from './quantity.ts';

const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const form = 'write for example Mon-Fri 07:00-19:00';

/** Spans in the order written; days without times join the span that follows them. */
export function readHours(text: string): Read<readonly HoursSpan[]> {
  const spans: HoursSpan[] = [];
  let pending: number[] = [];
  for (const part of text.split(',')) {
    const [dayText = '', timeText, ...more] = part.trim().split(/\s+/);
    const named = readDays(dayText);
    if (named === null) return { problem: `names no day in "${dayText}", ${form}` };
    if (more.length > 0) return { problem: `has more than days and times in "${part.trim()}", ${form}` };
    pending = [...pending, ...named];
    if (timeText === undefined) continue;
    const times = readTimes(timeText);
    if (times === null) return { problem: `has no times in "${timeText}", ${form}` };
    spans.push({ days: pending, ...times });
    pending = [];
  }
  return pending.length > 0 ? { problem: `names days without times, ${form}` } : { value: spans };
}

/** `Mon 10:00` as a day and minutes after midnight, for tests and explain; null where it is not that. */
export function readMoment(text: string): { readonly day: number; readonly minute: number } | null {
  const [dayText = '', timeText = '', ...more] = text.trim().split(/\s+/);
  const day = days.indexOf(dayText.slice(0, 3).toLowerCase());
  const minute = readTime(timeText);
  return day === -1 || minute === null || minute >= 1440 || more.length > 0 ? null : { day, minute };
}

/** `Mon` or `Fri-Mon`, round the week. */
function readDays(text: string): readonly number[] | null {
  const [from = '', to, ...more] = text.split('-').map((day) => days.indexOf(day.toLowerCase()));
  if (more.length > 0 || typeof from !== 'number' || from === -1 || to === -1) return null;
  if (to === undefined) return [from];
  const count = ((to - from + 7) % 7) + 1;
  return Array.from({ length: count }, (_, index) => (from + index) % 7);
}

function readTimes(text: string): { readonly fromMinute: number; readonly toMinute: number } | null {
  const [from, to, ...more] = text.split('-').map((time) => readTime(time));
  if (more.length > 0 || typeof from !== 'number' || typeof to !== 'number') return null;
  return from === to || from >= 1440 ? null : { fromMinute: from, toMinute: to };
}

/** Minutes after midnight, up to and including 24:00. */
function readTime(text: string): number | null {
  const match = /^(\d{1,2}):(\d{2})$/.exec(text);
  if (match === null) return null;
  const minutes = Number(match[1]) * 60 + Number(match[2]);
  return Number(match[2]) > 59 || minutes > 1440 ? null : minutes;
}
