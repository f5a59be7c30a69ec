// Turns what a clock on a wall shows into a time: a day somebody types, or a log that names no zone.

/** When a clock in that zone shows what UTC shows at `wanted`; an hour that was skipped is taken as the one behind it. */
export function atWallClock(wanted: number, timezone: string): number {
  const first = wanted - offset(wanted, timezone);
  return wanted - offset(first, timezone);
}

/** How far a clock in that zone is before UTC at a time, milliseconds. */
function offset(time: number, timezone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(time);
  const of = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((part) => part.type === type)?.value);
  const shown = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return shown - Math.floor(time / 1000) * 1000;
}
