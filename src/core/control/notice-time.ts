// Reads when the clinic heard that somebody goes, as HR writes it: a moment with its offset, or what the clock on the clinic's
// wall showed.

import { atWallClock } from '../time/at-wall-clock.ts';

export type NoticeTime = { readonly ok: true; readonly at: number | null } | { readonly ok: false; readonly why: string };

const pattern = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?$/;

/** `at`: epoch milliseconds; null where nothing was said. */
export function noticeTime(text: string | undefined, timezone: string, now: number): NoticeTime {
  if (text === undefined || text.trim() === '') return { ok: true, at: null };
  const [, day, time, offset] = pattern.exec(text.trim()) ?? [];
  const shown = day === undefined || time === undefined ? NaN : Date.parse(`${day}T${time}${offset ?? 'Z'}`);
  if (Number.isNaN(shown))
    return {
      ok: false,
      why: 'The time of the notice is written as 2026-11-30T09:00, which is a time in the clinic, or with an offset such as -06:00',
    };
  const at = offset === undefined ? atWallClock(shown, timezone) : shown;
  return at > now ? { ok: false, why: 'The time of the notice is still to come' } : { ok: true, at };
}
