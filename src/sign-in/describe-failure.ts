// What a person reads after a code that did not do. Says the same for a right code during a block as for a wrong one.

import type { Response } from 'express';
import { reasons } from '../core/reasons.ts';
import type { FactorVerdict } from './verify-factor.ts';

/** Sets Retry-After where there is something to wait for. */
export function describeFailure(
  verdict: Extract<FactorVerdict, { proved: false }>,
  res: Response,
): { readonly status: number; readonly text: string } {
  const { status } = reasons[verdict.reason];
  if (verdict.reason !== 'second-factor-blocked') return { status, text: wrong[verdict.reason] };
  res.setHeader('Retry-After', String(verdict.retryAfterSeconds));
  const minutes = Math.ceil(verdict.retryAfterSeconds / 60);
  return { status, text: `Too many wrong codes. Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.` };
}

const wrong = {
  'second-factor-wrong': 'That code is not right, or it was used already. Wait for the next one and type it again.',
  'passkey-copied': 'This passkey may have been copied, so it is refused. Use another way and tell IT.',
};
