// Whether a campaign may be signed now: everything is decided, what is signed is what was shown, and its reviewer has confirmed
// with a second factor after the last decision and a moment ago. A form that is sent once more meets a signed campaign, or a
// confirmation that is older than what it signs.

import type { Campaign } from './campaign.ts';

/** A confirmation is for this signature, and for nothing that comes later. */
export const signWithinMilliseconds = 5 * 60_000;

export interface AskedSignature {
  /** When the reviewer proved their second factor; 0 where that was only remembered. */
  readonly confirmedAt: number;
  readonly now: number;
  /** Hashes of the list that was shown, and of the list as it is. */
  readonly shown: string;
  readonly list: string;
}

export type SignatureRefused = 'signed' | 'undecided' | 'changed' | 'not-confirmed';

/** Null where it may. */
export function judgeSignature(campaign: Campaign, asked: AskedSignature): SignatureRefused | null {
  if (campaign.signedAt !== null) return 'signed';
  if (campaign.rows.some(({ decided }) => decided === null)) return 'undecided';
  if (asked.shown !== asked.list) return 'changed';
  return isConfirmed(campaign, asked) ? null : 'not-confirmed';
}

export function isConfirmed(campaign: Campaign, { confirmedAt, now }: Pick<AskedSignature, 'confirmedAt' | 'now'>): boolean {
  const last = Math.max(campaign.startedAt, ...campaign.rows.map(({ decided }) => decided?.at ?? 0));
  return isConfirmedAfter(last, { confirmedAt, now });
}

/** `last`: when what is signed was changed last. */
export function isConfirmedAfter(last: number, { confirmedAt, now }: Pick<AskedSignature, 'confirmedAt' | 'now'>): boolean {
  const age = now - confirmedAt;
  return confirmedAt > last && age >= 0 && age <= signWithinMilliseconds;
}
