// Holding disclosures back from the accounting for a time, as a health oversight agency or a law enforcement official may ask
// (45 CFR 164.528(a)(2)): in writing for the time they name, by word of mouth for 30 days at most. It ends by itself.

import { maySuspend } from './disclosure.ts';
import type { Basis } from './disclosure.ts';

/** Days that a request by word of mouth holds (164.528(a)(2)(ii)(C)), and the longest that is taken in writing. */
export const oralDays = 30;
export const writtenDays = 3660;
const dayMilliseconds = 86_400_000;

export interface Suspension {
  readonly patient: string;
  readonly agency: string;
  readonly because: string;
  readonly oral: boolean;
  readonly from: number;
  readonly until: number;
  /** Null while nobody lifted it. */
  readonly liftedAt: number | null;
}

export type JudgedEnd = { readonly ok: true; readonly until: number } | { readonly ok: false; readonly why: string };

/** `stated` is the end that was asked for; null where an oral request names none. */
export function judgeSuspensionEnd(stated: number | null, oral: boolean, now: number): JudgedEnd {
  const until = stated ?? (oral ? now + oralDays * dayMilliseconds : null);
  if (until === null) return { ok: false, why: 'A written request names the time for which it is needed: --until 2027-03-31' };
  if (until <= now) return { ok: false, why: 'The end lies in the past' };
  const days = oral ? oralDays : writtenDays;
  if (until - now > days * dayMilliseconds)
    return { ok: false, why: `A ${oral ? 'request by word of mouth' : 'suspension'} holds ${days} days at most` };
  return { ok: true, until };
}

export function isInForce({ from, until, liftedAt }: Suspension, now: number): boolean {
  return liftedAt === null && now >= from && now < until;
}

/** Whether a disclosure is left out of what the patient is handed. `patients` are all the ids that stand for the patient. */
export function holdsBack(
  suspension: Suspension,
  disclosure: { readonly basis: Basis; readonly recipient: string },
  patients: readonly string[],
  now: number,
): boolean {
  if (!isInForce(suspension, now) || !patients.includes(suspension.patient) || !maySuspend(disclosure.basis)) return false;
  return sameName(suspension.agency, disclosure.recipient);
}

/** Written twice by people: capitals, blanks and points do not tell two agencies apart. */
export function sameName(one: string, other: string): boolean {
  return plain(one) === plain(other);
}

function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '');
}
