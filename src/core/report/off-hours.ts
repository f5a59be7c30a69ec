// Whether something was done while the clinic was closed, by its hours and a clock on its wall.

import { withinHours } from '../policy/hours.ts';
import type { HoursSpan } from '../policy/policy.ts';

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Null where no hours are configured: nobody can tell. Takes epoch milliseconds. */
export function offHours(hours: readonly HoursSpan[], timezone: string): ((time: number) => boolean) | null {
  if (hours.length === 0) return null;
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    weekday: 'short',
    hour: 'numeric',
    minute: 'numeric',
  });
  return (time) => {
    const parts = new Map(clock.formatToParts(time).map(({ type, value }) => [type, value]));
    const minute = Number(parts.get('hour')) * 60 + Number(parts.get('minute'));
    return !withinHours(hours, weekdays.indexOf(String(parts.get('weekday'))), minute);
  };
}
