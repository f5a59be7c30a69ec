// `--since 30d`, `--since 2026-10-01`, `--until 2026-10-31T12:00`: how far back, or a day or a minute of the clinic's clock.

import { readDuration } from '../../config/quantity.ts';
import { UsageError } from '../audit-arguments.ts';
import { atWallClock } from '../../core/time/at-wall-clock.ts';

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
