// `--since 30d`, `--since 2026-10-01`, `--until 2026-10-31T12:00`: how far back, or a day or a minute of the clinic's clock.

import { readDuration } from '../../config/quantity.ts';
import { UsageError } from '../audit-arguments.ts';

const written = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2})?$/;

/** Epoch milliseconds. Throws UsageError. */
export function timeArgument(name: string, text: string, timezone: string, now: number): number {
  if (written.test(text)) {
    const wanted = Date.parse(`${text.length === 10 ? `${text}T00:00` : text}Z`);
    if (!Number.isNaN(wanted)) return atWallClock(wanted, timezone);
  }
  const read = readDuration(text);
  if (!('problem' in read)) return Math.max(0, now - read.value * 1000);
  throw new UsageError(`--${name} "${text}" is neither a time back, such as 30d, nor a day, such as 2026-10-01`);
}

/** When a clock in that zone shows what UTC shows at `wanted`; an hour that was skipped is taken as the one behind it. */
function atWallClock(wanted: number, timezone: string): number {
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
