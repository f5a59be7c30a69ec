// Days, times, spans and sizes as a language writes them. Times are the clinic's, on a clock of 24 hours.

import type { Language } from '../core/language/language.ts';

/** Which way of writing it: English with the day before the month and 24 hours, which nobody misreads. */
export const locales: Readonly<Record<Language, string>> = { en: 'en-GB', es: 'es' };

export function inLanguage(language: Language, timeZone: string) {
  const locale = locales[language];
  const day = new Intl.DateTimeFormat(locale, { timeZone, day: 'numeric', month: 'short' });
  const date = new Intl.DateTimeFormat(locale, { timeZone, day: 'numeric', month: 'short', year: 'numeric' });
  const time = new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit' });
  return {
    /** `14:05`. */
    time: (at: number) => time.format(at),
    /** `23 Nov 2026`. */
    date: (at: number) => date.format(at),
    /** `23 Nov, 14:05`. */
    moment: (at: number) => `${day.format(at)}, ${time.format(at)}`,
    megabytes: (bytes: number) => inUnit(locale, 'megabyte', Math.floor(bytes / 1_000_000), 'short'),
  };
}

/** `2 seconds`, `15 minutes`, `12 hours`: the largest unit that fits. */
export function lasting(language: Language, seconds: number): string {
  const locale = locales[language];
  if (seconds < 120) return inUnit(locale, 'second', seconds);
  return seconds < 7200 ? inUnit(locale, 'minute', Math.round(seconds / 60)) : inUnit(locale, 'hour', Math.round(seconds / 3600));
}

/** `5 minutes`, and one at least: for how long somebody waits. */
export function minutesIn(language: Language, seconds: number): string {
  return inUnit(locales[language], 'minute', Math.ceil(seconds / 60));
}

function inUnit(locale: string, unit: string, count: number, unitDisplay: 'long' | 'short' = 'long'): string {
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay, useGrouping: false }).format(count);
}
