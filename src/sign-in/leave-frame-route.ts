// GET /.wardgate/leave-frame?to=…: shown inside a frame of the EHR, leads the whole window to the sign-in, or to one of
// our pages that asks somebody who is signed in for more. A window whose session has just ended is not led away: it may hold
// what somebody typed, so the script around it is told to cover it, and the frame goes on once the person is back.

import type { Request, Response } from 'express';
import { framePage } from '../pages/frame-page.ts';
import type { OwnContext } from './own-context.ts';
import { ownContext } from './own-context.ts';
import { pageClinic } from './page-clinic.ts';
import { cookieId } from './read-browser.ts';
import { returnPath, withReturn } from './return-path.ts';
import { sendPage } from './send.ts';
import { sessionKey } from './session-key.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** Pages of a session: without one they lead to the sign-in by themselves. */
const confirmations = ['/.wardgate/step-up', '/.wardgate/emergency', '/.wardgate/credential'];

export function leaveFrameRoute(needs: SignInNeeds) {
  return (req: Request, res: Response): void => {
    const context = ownContext(needs, res);
    const { target, settings } = context;
    const to = new URLSearchParams(target.query ?? '').get('to');
    const back = returnPath(to, settings.targetProfile);
    const confirms = confirmations.some((path) => back === path || back.startsWith(`${path}?`));
    const href = confirms ? back : withReturn('/.wardgate/sign-in', back);
    const clinic = pageClinic(needs, res);
    if (confirms) sendPage(res, framePage({ href, clinic, why: 'confirm' }));
    else sendPage(res, framePage({ href, clinic, ...(hasJustEnded(needs, req, context) && { back: askedFor(to, context) }) }));
  };
}

function hasJustEnded(needs: SignInNeeds, req: Request, { settings }: OwnContext): boolean {
  const id = cookieId(req, 'session', settings.secure);
  return id !== null && needs.held.endedLately(sessionKey(id)) !== null;
}

/** What the frame would have come back to after the sign-in; '' for the start page, which would hold itself within the frame. */
function askedFor(to: string | null, { settings }: OwnContext): string {
  const [, query = ''] = (to ?? '').split('?', 2);
  const path = returnPath(new URLSearchParams(query).get('return'), settings.targetProfile);
  return path === '/' ? '' : path;
}
