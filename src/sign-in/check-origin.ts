// Refuses a form that another site sent. Stands before every POST of ours.

import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { judgeOrigin } from '../core/session/same-origin.ts';
import { ownContext } from './own-context.ts';
import { headerValues } from './read-browser.ts';
import { sendRefusal } from './send.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

export function checkOrigin(needs: SignInNeeds): RequestHandler {
  return (req: Request, res: Response, next: NextFunction) => {
    const { settings } = ownContext(needs, res);
    const verdict = judgeOrigin(headerValues(req, 'origin'), headerValues(req, 'sec-fetch-site'), settings.origin);
    if (verdict.same) next();
    else
      sendRefusal(needs, res, 'origin-not-permitted', {
        detail: `This form must be sent from ${settings.origin}; ${verdict.why}`,
      });
  };
}
