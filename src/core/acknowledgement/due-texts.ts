// Which texts a person has still to acknowledge: those of their roles that they never read in this version and these very words,
// or so long ago that it has lapsed.

import type { ClinicText, TextMark } from './clinic-text.ts';

/** What a person has said so far. Times are epoch milliseconds. */
export interface Said {
  readonly acknowledged: readonly (TextMark & { readonly at: number })[];
  readonly putOff: readonly (TextMark & { readonly times: number; readonly at: number })[];
}

export interface DueText {
  readonly text: ClinicText;
  /** How often it may still be put off. */
  readonly postponementsLeft: number;
}

/** How long "later today" is: a patient is seen first, and the shift does not end before it is asked again. */
export const laterSeconds = 4 * 3600;

/** `today` is the clinic's day. */
export function dueTexts(
  texts: readonly ClinicText[],
  roles: readonly string[],
  said: Said,
  { now, today }: { readonly now: number; readonly today: string },
): readonly DueText[] {
  return texts.flatMap((text) => {
    if (text.roles !== null && !text.roles.some((role) => roles.includes(role))) return [];
    if (said.acknowledged.some((one) => isSame(one, text) && !hasLapsed(text, one.at, now))) return [];
    const putOff = said.putOff.find((one) => isSame(one, text));
    const waits = putOff !== undefined && putOff.at <= now && now - putOff.at < laterSeconds * 1000;
    return waits ? [] : [{ text, postponementsLeft: left(text, putOff?.times ?? 0, today) }];
  });
}

function isSame(one: TextMark, other: TextMark): boolean {
  return one.id === other.id && one.version === other.version && one.hash === other.hash;
}

function hasLapsed({ againSeconds }: ClinicText, at: number, now: number): boolean {
  return againSeconds !== null && now - at >= againSeconds * 1000;
}

function left({ postpone }: ClinicText, times: number, today: string): number {
  if (postpone === null || (postpone.untilDay !== null && today > postpone.untilDay)) return 0;
  return Math.max(0, postpone.times - times);
}
