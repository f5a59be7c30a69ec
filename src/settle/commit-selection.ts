// A patient selection counts once the EHR has answered it with success; until then it was only asked for. What the EHR
// did decides, not what the person was shown: a reply that we refused has selected all the same.

import { isMachine } from '../core/session/machine-session.ts';
import type { SelectionOutcome } from '../core/session/selection.ts';
import type { Gathered, Outcome } from '../facts.ts';
import type { Soon } from '../ports.ts';
import type { NamedSettleStep } from './settle-step.ts';

export interface CommitSelectionNeeds {
  readonly settleSelection: (sessionKey: string, requestId: string, how: SelectionOutcome) => Soon<void>;
}

export function commitSelection(needs: CommitSelectionNeeds): NamedSettleStep['run'] {
  return (facts, outcome) => {
    if (!facts.session || isMachine(facts.session) || facts.id === undefined || !facts.admission) return undefined;
    if (typeof facts.selects !== 'string' && facts.route?.clearsSelection !== true) return undefined;
    return needs.settleSelection(facts.session.key, facts.id, howItWent(facts, outcome));
  };
}

/** A request that broke on the way, or broke the EHR, may have selected before it did. */
function howItWent({ reply }: Gathered, { answer }: Outcome): SelectionOutcome {
  if (reply === undefined) return answer?.kind === 'fault' && answer.code === 'upstream-busy' ? 'failed' : 'unknown';
  if (reply.status >= 500) return 'unknown';
  return reply.status < 400 ? 'took-effect' : 'failed';
}
