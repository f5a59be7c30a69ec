// Counts the request under the name of the stage that ended it, and why it did not go through: the same words as in the audit.

import type { Gathered, Outcome } from '../facts.ts';
import type { Clock, Metrics } from '../ports.ts';
import type { NamedSettleStep } from './settle-step.ts';

export function countRequest(needs: { readonly metrics: Metrics; readonly clock: Clock }): NamedSettleStep['run'] {
  return (facts, outcome) => {
    const seconds = facts.startedAt === undefined ? 0 : (needs.clock.monotonic() - facts.startedAt) / 1000;
    needs.metrics.finished(outcome.endedBy, outcome.status, seconds);
    countReason(needs.metrics, outcome);
    countDownload(needs.metrics, facts, outcome);
  };
}

function countReason(metrics: Metrics, { answer, transfer }: Outcome): void {
  if (answer?.kind === 'refusal') metrics.failed('refusal', answer.reason);
  else if (transfer !== 'complete') metrics.failed('cut', transfer);
  else if (answer?.kind === 'fault') metrics.failed('fault', answer.code);
}

/** What was turned away is a refusal and no download. */
function countDownload(metrics: Metrics, { admission }: Gathered, { answer, bytesOut }: Outcome): void {
  if (answer === null && admission !== undefined && admission.download !== null) metrics.downloaded(bytesOut);
}
