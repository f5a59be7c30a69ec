// The EHR's own password challenge never reaches the browser: it would open a password box that the gateway knows
// nothing of. The sign-on failed, and that is what the person is told.

import { end } from '../core/answer.ts';
import type { ReplyStep } from './reply-step.ts';
import { filterHeaders, replyHeader } from './reply-step.ts';
import type { Session } from '../core/session/session.ts';

export interface RefuseEhrChallengeNeeds {
  /** Forgets the person's stored EHR password after the EHR refused it, so that it is asked again and never retried. */
  readonly forgetCredential: (session: Session, application: string) => Promise<void>;
}

export function refuseEhrChallenge(needs: RefuseEhrChallengeNeeds): ReplyStep {
  return async ({ application, session }, reply) => {
    const challenged = reply.status === 401 && replyHeader(reply, 'www-authenticate') !== undefined;
    filterHeaders(reply, (name) => name !== 'www-authenticate');
    if (!challenged || application.signOn.by === 'none') return undefined;
    if (application.signOn.by === 'basic-own-password') await needs.forgetCredential(session, application.name);
    return end({ kind: 'fault', code: 'ehr-sign-on-failed', detail: 'The EHR refused the name and password it was given' });
  };
}
