// The EHR's own password challenge never reaches the browser: it would open a password box that the gateway knows
// nothing of. The sign-on failed, and that is what the person is told; a refused password is never tried again.

import { headerOf } from '../core/raw-headers.ts';
import { end, refuse } from '../core/answer.ts';
import { credentialPath } from '../core/ehr/credential-path.ts';
import type { ReplyStep } from './reply-step.ts';
import { filterHeaders } from './reply-step.ts';
import { isMachine } from '../core/session/machine-session.ts';
import type { Session } from '../core/session/session.ts';

export interface RefuseEhrChallengeNeeds {
  /** Marks the person's stored EHR password as refused, so that it is asked anew and never retried. `sent` signed them on. */
  readonly ehrRefusedCredential: (session: Session, application: string, sent: readonly string[]) => Promise<void>;
}

export function refuseEhrChallenge(needs: RefuseEhrChallengeNeeds): ReplyStep {
  return ({ application, session, method, target, ehrHeaders }, reply) => {
    if (headerOf(reply.headers, 'www-authenticate') === null) return undefined;
    filterHeaders(reply, (name) => name !== 'www-authenticate');
    const { by } = application.signOn;
    if (reply.status !== 401 || by === 'none' || by === 'recipe') return undefined;
    if (by !== 'basic-own-password' || isMachine(session))
      return end({ kind: 'fault', code: 'ehr-sign-on-failed', detail: 'The EHR refused the name and password it was given' });
    const refusal = refuse('ehr-credential-refused', { remedy: credentialPath(application.name, method, target) });
    return needs.ehrRefusedCredential(session, application.name, ehrHeaders).then(() => refusal);
  };
}
