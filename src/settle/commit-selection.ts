// A patient selection counts once the EHR has answered it with success; until then it was only asked for.

import type { NamedSettleStep } from './settle-step.ts';

export interface CommitSelectionNeeds {
  readonly settleSelection: (sessionKey: string, requestId: string, succeeded: boolean) => void;
}

export function commitSelection(needs: CommitSelectionNeeds): NamedSettleStep['run'] {
  return (facts, outcome) => {
    if (!facts.session || facts.id === undefined || !facts.admission) return;
    if (facts.selects === undefined || (facts.selects === null && facts.route?.clearsSelection !== true)) return;
    const succeeded = outcome.answer === null && outcome.status >= 200 && outcome.status < 400;
    needs.settleSelection(facts.session.key, facts.id, succeeded);
  };
}
