// Refuses a form that another site sent, or a script of the EHR. Stands before every POST of ours, except the logout that the
// provider sends.

import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { judgeNavigation, judgeOrigin } from '../core/session/same-origin.ts';
import { ownContext } from './own-context.ts';
import { headerValues } from './read-browser.ts';
import { sendRefusal } from './send.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** `place`: whether the page may stand in a frame of the EHR as well, or whether a script may send it from anywhere there. */
export function checkOrigin(needs: SignInNeeds, place: 'document' | 'document-or-frame' | 'anywhere'): RequestHandler {
  return (req: Request, res: Response, next: NextFunction) => {
    const { settings } = ownContext(needs, res);
    const site = headerValues(req, 'sec-fetch-site');
    const origin = judgeOrigin(headerValues(req, 'origin'), site, settings.origin);
    const [mode, destination] = [headerValues(req, 'sec-fetch-mode'), headerValues(req, 'sec-fetch-dest')];
    const verdict =
      origin.same && place !== 'anywhere' ? judgeNavigation(site, mode, destination, place === 'document-or-frame') : origin;
    if (verdict.same) next();
    else
      sendRefusal(needs, res, 'origin-not-permitted', {
        detail: `This form must be sent from ${settings.origin}; ${verdict.why}`,
      });
  };
}
