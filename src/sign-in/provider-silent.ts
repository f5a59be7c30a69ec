// Answers a sign-in while the provider is silent. The browser loads the page again by itself, so often and no more; a script of
// ours would be one more thing that can go wrong in such an hour.

import type { Response } from 'express';
import { providerSilentPage } from '../pages/provider-silent-page.ts';
import { mayTryEmergency } from './emergency-open.ts';
import { ownContext } from './own-context.ts';
import { pageClinic } from './page-clinic.ts';
import { withReturn } from './return-path.ts';
import { sendPage } from './send.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

const retrySeconds = 15;
/** Ten minutes in all. */
const mostTries = 40;

export function sendProviderSilent(needs: SignInNeeds, res: Response, returnTo: string): void {
  const context = ownContext(needs, res);
  const start = withReturn('/.wardgate/sign-in', returnTo);
  const more = (query: string): string => `${start}${start.includes('?') ? '&' : '?'}${query}`;
  const tries = triesSoFar(context.target.query);
  const isOver = tries >= mostTries;
  if (!isOver) res.setHeader('Refresh', `${retrySeconds}; url=${more(`tries=${tries + 1}`)}`);
  res.setHeader('Retry-After', String(retrySeconds));
  const page = providerSilentPage({
    clinic: pageClinic(needs, res),
    again: start,
    anyway: more('anyway=1'),
    emergency: mayTryEmergency(needs, context) ? withReturn('/.wardgate/emergency-sign-in', returnTo) : null,
    retrySeconds: isOver ? null : retrySeconds,
  });
  sendPage(res, page, 503);
}

function triesSoFar(query: string | null): number {
  const stated = new URLSearchParams(query ?? '').get('tries');
  return stated !== null && /^\d{1,3}$/.test(stated) ? Number(stated) : 0;
}
