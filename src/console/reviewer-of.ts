// Who acts on a page of the console, and from where, as the record names them.

import type { Response } from 'express';
import type { OwnPageContext } from '../ports.ts';
import type { Reviewer } from '../recertification-ports.ts';

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
