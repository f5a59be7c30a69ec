// No record, no access: the attempt stands in the audit log before anything is forwarded (45 CFR 164.312(b)). Where the
// request may change something, the record is also durable before the EHR sees it; otherwise before the reply's first byte.

import { showsPerson } from '../core/session/activity.ts';
import { isMachine } from '../core/session/machine-session.ts';
import type {
  Arrived,
  Authorized,
  Emergency,
  Identified,
  Matched,
  Recorded,
  SignedIn,
  SubjectMatter,
  Targeted,
} from '../facts.ts';
import type { PatientTokens } from '../patient-ports.ts';
import type { AuditLog } from '../ports.ts';
import type { Stage } from '../pipeline.ts';
import { describeRequest, describeTarget } from './describe-request.ts';
import type { DescribeNeeds } from './describe-request.ts';

export type RecordAttemptNeeds = DescribeNeeds & {
  readonly audit: AuditLog;
  readonly patients: Pick<PatientTokens, 'remember'>;
};

type Given = Arrived & Identified & Targeted & SignedIn & Matched & SubjectMatter & Authorized & Emergency;

export function recordAttempt(needs: RecordAttemptNeeds): Stage<Given, Recorded> {
  return async (facts) => {
    const decision = facts.permit.observed === null ? 'allowed' : 'observed';
    // Made once: the outcome must name the target as the attempt did.
    const recordedTarget = describeTarget(needs, facts.target, facts);
    const { observed } = facts.permit;
    const concerns = facts.patient ?? facts.selects;
    // A record must not name a patient whom nobody could find again; of a known one there is nothing to wait for.
    const kept = concerns === null ? undefined : needs.patients.remember(concerns);
    if (kept !== undefined) await kept;
    const entry = describeRequest(
      needs,
      'attempt',
      facts,
      { decision, reason: observed, wouldRefuse: observed, activity: activityOf(facts) },
      recordedTarget,
    );
    const receipt = await needs.audit.append(entry);
    if (mayChange(facts)) await receipt.durable;
    return { receipt, recordedTarget };
  };
}

function mayChange({ method, rule, selects, shape }: Given): boolean {
  return (
    rule.changes || selects !== null || shape === 'upgrade' || (method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS')
  );
}

function activityOf({ session, route, headers }: Given): 'navigation' | null {
  return !isMachine(session) && showsPerson(route.passive, headers.get('sec-fetch-user')) ? 'navigation' : null;
}
