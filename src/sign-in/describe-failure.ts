// What a person reads after a code that did not do. Says the same for a right code during a block as for a wrong one.

import type { Response } from 'express';
import { reasons } from '../core/reasons.ts';
import { fillText } from '../pages/fill-text.ts';
import { minutesIn } from '../pages/in-language.ts';
import type { PageClinic } from '../pages/layout.ts';
import { wordsIn } from '../pages/words-in.ts';
import type { FactorVerdict } from './verify-factor.ts';

/** Sets Retry-After where there is something to wait for. */
export function describeFailure(
  verdict: Extract<FactorVerdict, { proved: false }>,
  res: Response,
  { language }: PageClinic,
): { readonly status: number; readonly text: string } {
  const { status } = reasons[verdict.reason];
  const { factor: words } = wordsIn(language);
  if (verdict.reason !== 'second-factor-blocked') {
    return { status, text: verdict.reason === 'passkey-copied' ? words.copied : words.wrong };
  }
  res.setHeader('Retry-After', String(verdict.retryAfterSeconds));
  return { status, text: fillText(words.blocked, { time: minutesIn(language, verdict.retryAfterSeconds) }) };
}
