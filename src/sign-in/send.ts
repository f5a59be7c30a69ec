// How our pages answer: a page, a refusal, or a way on. One place, so that each carries the same headers.

import type { Response } from 'express';
import { reasons } from '../core/reasons.ts';
import type { Reason } from '../core/reasons.ts';
import { contentSecurityPolicy } from '../pages/content-security-policy.ts';
import { refusalPage } from '../pages/refusal-page.ts';
import type { SignInNeeds } from './sign-in-needs.ts';
import { ownContext } from './own-context.ts';

/** Sends a whole document. `formOrigins` as in `contentSecurityPolicy`. */
export function sendPage(res: Response, page: string, status = 200, formOrigins: readonly string[] = []): void {
  res.setHeader('Content-Security-Policy', contentSecurityPolicy(formOrigins));
  res.status(status).type('html').send(page);
}

/** On to a path of ours or the provider's address; 303, so that a POST is never repeated there. */
export function sendOn(res: Response, location: string): void {
  res.status(303).setHeader('Location', location);
  res.end();
}

export interface RefusalParts {
  readonly detail?: string;
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  readonly remedy?: { readonly href: string; readonly label: string };
}

/** Says no, with the reason and what to do. */
export function sendRefusal(
  needs: Pick<SignInNeeds, 'settings'>,
  res: Response,
  reason: Reason,
  { detail, status, retryAfterSeconds, remedy }: RefusalParts = {},
): void {
  const { clinic } = needs.settings;
  const { requestId, target, session } = ownContext(needs, res);
  if (retryAfterSeconds !== undefined) res.setHeader('Retry-After', String(retryAfterSeconds));
  const page = refusalPage({
    title: reasons[reason].title,
    detail: detail ?? null,
    reason,
    rule: null,
    requestId,
    path: target.path,
    person: session === null ? null : { displayName: session.subject.displayName, roles: session.roles },
    help: clinic.help,
    clinicName: clinic.name,
    ...(remedy === undefined ? {} : { remedy }),
  });
  sendPage(res, page, status ?? reasons[reason].status);
}
