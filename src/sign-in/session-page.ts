// The common start of every page that belongs to a session: the session, active at this moment, or a way to sign in.

import type { Request, Response } from 'express';
import type { Session } from '../ports.ts';
import { ownContext } from './own-context.ts';
import type { OwnContext } from './own-context.ts';
import { activeSession } from './read-browser.ts';
import { withReturn } from './return-path.ts';
import { sendOn } from './send.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

type Page = (at: {
  readonly req: Request;
  readonly res: Response;
  readonly session: Session;
  readonly context: OwnContext;
}) => Promise<void> | void;

/** Runs `page` with an active session; otherwise sends the browser to sign in and back to this page. */
export function sessionPage(needs: SignInNeeds, page: Page) {
  return async (req: Request, res: Response): Promise<void> => {
    const context = ownContext(needs, res);
    const session = await activeSession(needs, req, context);
    if (session === null) sendOn(res, withReturn('/.wardgate/sign-in', context.target.path));
    else await page({ req, res, session, context });
  };
}
