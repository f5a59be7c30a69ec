// Who acts on a page of the console on which something is decided, and that the form came from the console itself.

import type { Request, RequestHandler, Response } from 'express';
import type { OwnPageContext } from '../ports.ts';
import type { Reviewer } from '../recertification-ports.ts';
import { isOwnForm } from './own-form.ts';

/** Null where nobody is signed in. */
export function reviewerOf(res: Response): Reviewer | null {
  const { session, requestId, address, agent, application } = res.locals['own'] as OwnPageContext;
  if (session === null) return null;
  const { subject, roles, reference, factor } = session;
  const { issuer, sub, name } = subject;
  const { method, at } = factor;
  const from = { request: requestId, address, agent, application };
  return { person: { issuer, sub, name }, roles, session: reference, factor: { method, at }, ...from };
}

export function guarded(
  { originOf }: { readonly originOf: (application: string) => string },
  act: (req: Request, res: Response, reviewer: Reviewer) => Promise<void>,
): RequestHandler {
  return async (req, res) => {
    const { application } = res.locals['own'] as OwnPageContext;
    const reviewer = reviewerOf(res);
    if (reviewer === null || !isOwnForm(req, originOf(application))) {
      res.status(403).type('text').send('This form must be sent from the console');
      return;
    }
    await act(req, res, reviewer);
  };
}
