// The EHR's own logout ends the gateway's session as well: whoever logs out of the chart has left. The EHR has heard the
// request by now, so its session is over in any case, and is not opened again by anything but a new sign-in.

import { logsOutOfEhr } from '../core/ehr/logs-out-of-ehr.ts';
import { end } from '../core/answer.ts';
import type { Plain } from '../core/answer.ts';
import { isMachine } from '../core/session/machine-session.ts';
import type { Session } from '../core/session/session.ts';
import type { SignOutPlace } from '../ehr-ports.ts';
import type { ReplyStep } from './reply-step.ts';

export interface EndWithEhrNeeds {
  /** Ends the session here and, as far as the browser can be sent there, at the provider. */
  readonly signOutByEhr: (session: Session, where: SignOutPlace) => Promise<Plain>;
}

export function endWithEhr(needs: EndWithEhrNeeds): ReplyStep {
  return (facts) => {
    const { application, method, target, session, id, address, agent, shape, headers } = facts;
    if (!logsOutOfEhr(application, method, target)) return undefined;
    // A machine that logs out of the EHR has logged out there; it holds nothing here that could end.
    if (isMachine(session)) return undefined;
    const where = { application: application.name, requestId: id, address, agent, shape, accept: headers.get('accept-language') };
    return needs.signOutByEhr(session, where).then((answer) => end(answer));
  };
}
