// What leaves treatment, payment and operations is on record before its first byte goes on, and so is that something stays inside.
// A download that only the reply shows is asked about here: the question is answered in its place. In an emergency it goes on, and
// the answer is owed.

import { End } from '../core/answer.ts';
import { passedEntry } from '../core/downloads/budget-entry.ts';
import { detectDownload } from '../core/downloads/detect-download.ts';
import type { ReplyHead } from '../core/downloads/detect-download.ts';
import { isMachine } from '../core/session/machine-session.ts';
import { unreachable } from '../core/unreachable.ts';
import type { DisclosureAnswer, DisclosureBook, DisclosureRecorder, TakenAnswer } from '../disclosure-ports.ts';
import type { AuditLog, Clock, Randomness, Soon } from '../ports.ts';
import { describeRequest } from '../stages/describe-request.ts';
import type { DescribeNeeds } from '../stages/describe-request.ts';
import type { ReplyFacts, ReplyStep } from './reply-step.ts';

export type RecordDisclosureNeeds = DescribeNeeds & {
  readonly randomness: Randomness;
  readonly audit: AuditLog;
  readonly clock: Pick<Clock, 'now'>;
  readonly disclosures: Pick<DisclosureBook, 'owe'>;
  readonly disclosureRecorder: DisclosureRecorder;
  readonly onLost: (cause: unknown, request?: string) => void;
};

export function recordDisclosure(needs: RecordDisclosureNeeds): ReplyStep {
  return (facts, reply) => {
    const { disclosure } = facts;
    if (disclosure.known === 'not-asked' || !leaves(facts, reply)) return undefined;
    switch (disclosure.known) {
      case 'observed':
        return recordObserved(needs, facts);
      case 'owed':
        return owe(needs, facts);
      case 'not-yet':
        return settle(needs, facts, disclosure.settle);
      case 'answered':
        return goOn(needs, facts, disclosure.taken);
      default:
        return unreachable(disclosure);
    }
  };
}

async function settle(needs: RecordDisclosureNeeds, facts: ReplyFacts, look: () => Soon<TakenAnswer | End>): Promise<void | End> {
  const taken = await look();
  return taken instanceof End ? taken : goOn(needs, facts, taken);
}

/** A live connection on the path of a download carries one; nobody sees its end. */
function leaves({ route, method }: ReplyFacts, reply: ReplyHead): boolean {
  return detectDownload(reply, route, method).download || (reply.status === 101 && route.download === 'always');
}

async function goOn(needs: RecordDisclosureNeeds, facts: ReplyFacts, taken: TakenAnswer): Promise<void> {
  // On record since its first part went out.
  if (taken.kind === 'part') return;
  const { session, patient } = facts;
  const how = isMachine(session) ? 'by the rules' : 'at the download';
  const entry = describeRequest(needs, 'disclosure', facts, {});
  const madeAt = needs.clock.now();
  await needs.disclosureRecorder.record({ entry, answer: ofThis(taken.answer, patient), how, madeAt, who: session.subject });
  await taken.went();
}

/** What was said beforehand for several downloads names nobody, and this one may. */
function ofThis(answer: DisclosureAnswer, patient: string | null): DisclosureAnswer {
  if (!answer.leaves || patient === null) return answer;
  return { ...answer, disclosure: { ...answer.disclosure, count: null }, patients: [] };
}

async function owe(needs: RecordDisclosureNeeds, facts: ReplyFacts): Promise<void> {
  const id = needs.randomness.id();
  const at = needs.clock.now();
  const { issuer, sub } = facts.session.subject;
  const entry = describeRequest(needs, 'disclosure-owed', facts, {
    time: at,
    decision: 'allowed',
    detail: `${id}, an emergency access was open`,
  });
  await (
    await needs.audit.append(entry)
  ).durable;
  // The record has it, whatever becomes of the reminder: nobody waits for it in an emergency.
  const owed = { id, at, patient: facts.patient, entry };
  await needs.disclosures.owe(owed, { issuer, sub }).catch((cause: unknown) => needs.onLost(cause, facts.id));
}

async function recordObserved(needs: RecordDisclosureNeeds, facts: ReplyFacts): Promise<void> {
  const detail = `Rule "${facts.rule.name}" would ask whether this download leaves treatment, payment and operations`;
  await needs.audit.append(passedEntry({ ...facts, grant: null }, needs.clock.now(), 'disclosure-unanswered', detail));
}
