// How our pages answer: a page, a refusal, or a way on. One place, so that each carries the same headers.

import type { Response } from 'express';
import { reasons } from '../core/reasons.ts';
import type { Reason } from '../core/reasons.ts';
import { contentSecurityPolicy } from '../pages/content-security-policy.ts';
import { refusalPage } from '../pages/refusal-page.ts';
import type { SignInNeeds } from './sign-in-needs.ts';
import { ownContext } from './own-context.ts';
import { pageClinic } from './page-clinic.ts';

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
  /** In English, as it stands in the record. */
  readonly detail?: string;
  /** In the language of the page. */
  readonly says?: string;
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  readonly remedy?: { readonly href: string; readonly label: string };
}

/** Says no, with the reason and what to do. */
export function sendRefusal(
  needs: Pick<SignInNeeds, 'settings'>,
  res: Response,
  reason: Reason,
  { detail, says, status, retryAfterSeconds, remedy }: RefusalParts = {},
): void {
  const { requestId, target, session } = ownContext(needs, res);
  if (retryAfterSeconds !== undefined) res.setHeader('Retry-After', String(retryAfterSeconds));
  const page = refusalPage({
    clinic: pageClinic(needs, res),
    detail: detail ?? null,
    says,
    reason,
    rule: null,
    requestId,
    path: target.path,
    person: session === null ? null : { displayName: session.subject.displayName, roles: session.roles },
    ...(remedy === undefined ? {} : { remedy }),
  });
  sendPage(res, page, status ?? reasons[reason].status);
}
