// A moment as people of the clinic read it: the time of day, and the day where it was another one.

import type { Language } from '../core/language/language.ts';
import { inLanguage } from '../pages/in-language.ts';

export function clinicMoment(at: number, now: number, language: Language, timeZone: string): string {
  const { date, time, moment } = inLanguage(language, timeZone);
  return date(at) === date(now) ? time(at) : moment(at);
}
