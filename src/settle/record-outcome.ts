// Writes how the request ended: one outcome for an attempt that was recorded, or the one record of a refusal. Refusals are
// recorded within a budget, per address where nobody has signed in and else per person, and then summed up, so that
// nobody can fill the disk and thereby stop the clinic.

import type { Refusal } from '../core/answer.ts';
import type { Reason } from '../core/reasons.ts';
import type { Gathered, Outcome } from '../facts.ts';
import { hideQuotedIds } from '../core/patients/hide-ids.ts';
import type { AuditEntry } from '../core/audit/entry.ts';
import type { AuditLog, Clock, Subject } from '../ports.ts';
import { describeRequest } from '../stages/describe-request.ts';
import type { DescribeNeeds } from '../stages/describe-request.ts';
import type { NamedSettleStep } from './settle-step.ts';

export interface RecordOutcomeNeeds extends DescribeNeeds {
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** False when this address has used up its budget of anonymous records; the sum is written later. */
  readonly mayRecordAnonymous: (address: string) => boolean;
  /** The same for the refusals of one person. Attempts have no budget: they reach the EHR, and each stands for itself. */
  readonly mayRecordRefusal: (subject: Subject) => boolean;
  readonly onLost: (cause: unknown, request?: string) => void;
}

export function recordOutcome(needs: RecordOutcomeNeeds): NamedSettleStep['run'] {
  return (facts, outcome) => {
    // Our own pages write records of their own, in the words of what was done there; the way to the EHR's start is nothing.
    if ((outcome.answer?.kind === 'handled' || outcome.answer?.kind === 'plain') && !facts.receipt) return;
    const attempted = facts.receipt !== undefined;
    if (!attempted && !mayRecord(needs, facts)) return;
    const entry = describeRequest(needs, attempted ? 'outcome' : 'refusal', facts, ending(needs, facts, outcome));
    needs.audit.append(entry).catch((cause: unknown) => needs.onLost(cause, facts.id));
  };
}

function mayRecord(needs: RecordOutcomeNeeds, { session, machine, address, exchange }: Gathered): boolean {
  const caller = session ?? machine;
  return caller ? needs.mayRecordRefusal(caller.subject) : needs.mayRecordAnonymous(address ?? exchange.peerAddress);
}

function ending(needs: RecordOutcomeNeeds, facts: Gathered, outcome: Outcome): Partial<AuditEntry> {
  const { answer } = outcome;
  const started = facts.startedAt ?? needs.clock.monotonic();
  return {
    decision: decisionOf(facts, outcome),
    reason: reasonOf(outcome),
    wouldRefuse: answer?.kind === 'refusal' ? null : (facts.permit?.observed ?? null),
    status: outcome.status,
    bytesIn: outcome.bytesIn,
    bytesOut: outcome.bytesOut,
    durationMilliseconds: Math.round(needs.clock.monotonic() - started),
    endedBy: outcome.endedBy,
    download: downloadOf(facts, outcome),
    pace: facts.admission?.slowed === true ? 'slowed' : null,
    detail: answer?.kind === 'refusal' ? detailOf(needs, answer) : null,
  };
}

/** These quote what was sent. */
const quoting: ReadonlySet<string> = new Set<Reason>([
  'target-malformed',
  'patient-ambiguous',
  'field-ambiguous',
  'form-unreadable',
]);

function detailOf({ recordedToken }: RecordOutcomeNeeds, { reason, recorded, detail }: Refusal): string | null {
  const said = recorded ?? detail ?? null;
  return said !== null && quoting.has(reason) ? hideQuotedIds(said, recordedToken) : said;
}

// A client that left while the EHR was still at work broke the exchange itself: that is what the record says.
function reasonOf({ answer, transfer }: Outcome): string | null {
  if (answer?.kind === 'refusal') return answer.reason;
  if (answer?.kind === 'fault' && transfer !== 'client-abort') return answer.code;
  return transfer === 'complete' ? null : transfer;
}

/** What budgets and leave to export are about, whether it went out, was turned away before the EHR was asked, or was cut. */
function downloadOf({ admission }: Gathered, { answer, transfer }: Outcome): string | null {
  if (admission && admission.download !== null) return admission.download;
  const isTurnedAway =
    answer?.kind === 'refusal' && (answer.reason === 'budget-exhausted' || answer.reason === 'export-not-permitted');
  if (isTurnedAway) return 'turned-away';
  return transfer === 'budget-cut' ? 'bytes-counted' : null;
}

function decisionOf(facts: Gathered, { answer }: Outcome): AuditEntry['decision'] {
  if (answer?.kind === 'refusal') return 'refused';
  if (!facts.permit) return answer?.kind === 'fault' ? 'refused' : null;
  return facts.permit.observed === null ? 'allowed' : 'observed';
}
