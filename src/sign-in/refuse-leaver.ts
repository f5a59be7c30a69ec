// Keeps out who has left, whatever the provider says of them.

import type { Response } from 'express';
import { fillText } from '../pages/fill-text.ts';
import { wordsIn } from '../pages/words-in.ts';
import type { Subject } from '../ports.ts';
import { ownContext } from './own-context.ts';
import { pageClinic } from './page-clinic.ts';
import { record, recordedSubject } from './record.ts';
import { sendRefusal } from './send.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** True where they were refused, which has been recorded and answered then. */
export async function refuseLeaver(needs: SignInNeeds, res: Response, subject: Subject): Promise<boolean> {
  if (!(await needs.leavers.isBlocked(subject))) return false;
  const refused = { decision: 'refused', reason: 'offboarded' } as const;
  await record(needs, ownContext(needs, res), 'sign-in-failed', { subject: recordedSubject(subject), ...refused });
  const { signIn, ways } = wordsIn(pageClinic(needs, res).language);
  // Trying again would bring the same person without asking; another one begins by the end of the provider's session.
  const remedy = { href: '/.wardgate/sign-out', label: ways.signOut };
  sendRefusal(needs, res, 'offboarded', { says: fillText(signIn.signedInAs, { name: subject.name }), remedy });
  return true;
}
