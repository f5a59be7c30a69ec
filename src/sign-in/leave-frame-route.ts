// GET /.wardgate/leave-frame?to=…: shown inside a frame of the EHR, leads the whole window to the sign-in, or to one of
// our pages that asks somebody who is signed in for more.

import type { Request, Response } from 'express';
import { framePage } from '../pages/frame-page.ts';
import { ownContext } from './own-context.ts';
import { pageClinic } from './page-clinic.ts';
import { returnPath, withReturn } from './return-path.ts';
import { sendPage } from './send.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** Pages of a session: without one they lead to the sign-in by themselves. */
const confirmations = ['/.wardgate/step-up', '/.wardgate/emergency', '/.wardgate/credential'];

export function leaveFrameRoute(needs: SignInNeeds) {
  return (_req: Request, res: Response): void => {
    const { target, settings } = ownContext(needs, res);
    const to = new URLSearchParams(target.query ?? '').get('to');
    const back = returnPath(to, settings.targetProfile);
    const confirms = confirmations.some((path) => back === path || back.startsWith(`${path}?`));
    const href = confirms ? back : withReturn('/.wardgate/sign-in', back);
    sendPage(res, framePage({ href, clinic: pageClinic(needs, res), why: confirms ? 'confirm' : 'sign-in' }));
  };
}
