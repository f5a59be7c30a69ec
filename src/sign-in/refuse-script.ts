// Pages that show what a person typed, or who works here, are opened by people: a script of the EHR stands on the same origin
// and must not read them.

import type { Request, Response } from 'express';
import { judgeNavigation } from '../core/session/same-origin.ts';
import { wordsIn } from '../pages/words-in.ts';
import { pageClinic } from './page-clinic.ts';
import { headerValues } from './read-browser.ts';
import { sendRefusal } from './send.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** True where it has answered. `inFrames`: the page may also stand in a frame of the EHR. */
export function refuseScript(needs: SignInNeeds, req: Request, res: Response, inFrames: boolean): boolean {
  const [site, mode, goal] = ['sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest'].map((name) => headerValues(req, name));
  const verdict = judgeNavigation(site ?? [], mode ?? [], goal ?? [], inFrames);
  if (verdict.same) return false;
  sendRefusal(needs, res, 'origin-not-permitted', {
    says: wordsIn(pageClinic(needs, res).language).held.byPerson,
    detail: verdict.why,
  });
  return true;
}
