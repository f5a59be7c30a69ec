// GET /.wardgate/leave-frame?to=…: shown inside a frame of the EHR, leads the whole window to the sign-in.

import type { Request, Response } from 'express';
import { framePage } from '../pages/frame-page.ts';
import { ownContext } from './own-context.ts';
import { returnPath, withReturn } from './return-path.ts';
import { sendPage } from './send.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

export function leaveFrameRoute(needs: SignInNeeds) {
  return (_req: Request, res: Response): void => {
    const { target, settings } = ownContext(needs, res);
    const to = new URLSearchParams(target.query ?? '').get('to');
    const back = returnPath(to, settings.targetProfile, needs.settings.limits.targetBytes);
    sendPage(res, framePage({ href: withReturn('/.wardgate/sign-in', back), clinic: needs.settings.clinic }));
  };
}
