// Whether a question has still to follow an alert that is in a case: once for each alert, and none where a reviewer withheld it or
// one is open already.

import type { Case } from './case.ts';
import { caseStanding } from './case-standing.ts';

export function owesQuestion(one: Case, alert: number): boolean {
  const { open, question } = caseStanding(one);
  if (!open || question === 'asked' || question === 'withheld') return false;
  const came = one.steps.findLastIndex((step) => 'alerts' in step && step.alerts.includes(alert));
  return !one.steps.slice(came + 1).some(({ kind }) => kind === 'question');
}
