// A day that somebody wrote, as a moment: noon of it, so that it is that day in every time zone where clinics are.

const written = /^\d{4}-\d\d-\d\d$/;
const dayMilliseconds = 86_400_000;

/** `2026-11-02` as epoch milliseconds; null where it is no day. */
export function readDay(text: string): number | null {
  const at = written.test(text) ? Date.parse(`${text}T12:00:00Z`) : Number.NaN;
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text ? null : at;
}

export type DayMade =
  { readonly ok: true; readonly madeAt: number; readonly madeOn: string | null } | { readonly ok: false; readonly why: string };

/** When a disclosure was made that somebody tells of; today where they say nothing. */
export function readDayMade(text: string, now: number): DayMade {
  if (text === '') return { ok: true, madeAt: now, madeOn: null };
  const at = readDay(text);
  if (at === null) return { ok: false, why: `"${text.slice(0, 20)}" is no day, write it as 2026-11-02` };
  if (at - dayMilliseconds > now) return { ok: false, why: `${text} lies in the future` };
  return { ok: true, madeAt: Math.min(at, now), madeOn: text };
}
