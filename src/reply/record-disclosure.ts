// What leaves treatment, payment and operations is on record before its first byte goes on, and so is that something stays inside.
// A download that only the reply shows is asked about here: the question is answered in its place. In an emergency it goes on, and
// the answer is owed.

import { End } from '../core/answer.ts';
import { writeDisclosureNote } from '../core/disclosures/disclosure-note.ts';
import type { HowKnown } from '../core/disclosures/disclosure-note.ts';
import { passedEntry } from '../core/downloads/budget-entry.ts';
import { detectDownload } from '../core/downloads/detect-download.ts';
import type { ReplyHead } from '../core/downloads/detect-download.ts';
import { isMachine } from '../core/session/machine-session.ts';
import { unreachable } from '../core/unreachable.ts';
import type { DisclosureBook, TakenAnswer } from '../disclosure-ports.ts';
import type { AuditLog, Clock, Randomness, Soon } from '../ports.ts';
import { describeRequest } from '../stages/describe-request.ts';
import type { DescribeNeeds } from '../stages/describe-request.ts';
import type { ReplyFacts, ReplyStep } from './reply-step.ts';

export type RecordDisclosureNeeds = DescribeNeeds & {
  readonly randomness: Randomness;
  readonly audit: AuditLog;
  readonly clock: Pick<Clock, 'now'>;
  readonly disclosures: Pick<DisclosureBook, 'keep' | 'owe'>;
  readonly onLost: (cause: unknown) => void;
};

// oxlint-disable-next-line typescript/no-invalid-void-type -- most replies pass, and then there is nothing to say
type Judged = Soon<void | End>;

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
  const how = isMachine(facts.session) ? 'by the rules' : 'at the download';
  await writeAnswer(needs, facts, taken, how);
  taken.went();
}

async function writeAnswer(
  needs: RecordDisclosureNeeds,
  facts: ReplyFacts,
  { answer }: Extract<TakenAnswer, { kind: 'answer' }>,
  how: HowKnown,
): Promise<void> {
  if (!answer.leaves) {
    await written(needs, facts, 'disclosure-not', `Inside treatment, payment and operations, known ${how}`);
    return;
  }
  const { disclosure, patients } = answer;
  const { issuer, sub } = facts.session.subject;
  const count = facts.patient === null && patients.length === 0 ? disclosure.count : null;
  const kept = await needs.disclosures.keep({ ...disclosure, count, madeAt: needs.clock.now() }, { issuer, sub });
  const note = { ...kept, basis: disclosure.basis, address: disclosure.address !== null, how, replaces: null, madeOn: null };
  const detail = writeDisclosureNote({ ...note, count });
  if (facts.patient !== null || patients.length === 0) await written(needs, facts, 'disclosure', detail);
  // One record each, so that each of them finds it in their own accounting.
  else for (const patient of patients) await written(needs, { ...facts, patient, patientSource: null }, 'disclosure', detail);
}

/** Durable before the first byte: what cannot be accounted for does not leave. */
async function written(
  needs: RecordDisclosureNeeds,
  facts: ReplyFacts,
  event: 'disclosure' | 'disclosure-not' | 'disclosure-owed',
  detail: string,
): Promise<void> {
  const entry = describeRequest(needs, event, facts, { time: needs.clock.now(), decision: 'allowed', detail });
  const receipt = await needs.audit.append({ ...entry, event });
  await receipt.durable;
}

async function owe(needs: RecordDisclosureNeeds, facts: ReplyFacts): Promise<void> {
  const id = needs.randomness.id();
  const at = needs.clock.now();
  const { issuer, sub } = facts.session.subject;
  await written(needs, facts, 'disclosure-owed', `${id}, an emergency access was open`);
  // The record has it, whatever becomes of the reminder: nobody waits for it in an emergency.
  await needs.disclosures
    .owe({ id, at, entry: describeRequest(needs, 'disclosure-owed', facts, {}) }, { issuer, sub })
    .catch(needs.onLost);
}

async function recordObserved(needs: RecordDisclosureNeeds, facts: ReplyFacts): Promise<void> {
  const detail = `Rule "${facts.rule.name}" would ask whether this download leaves treatment, payment and operations`;
  await needs.audit.append(passedEntry({ ...facts, grant: null }, needs.clock.now(), 'disclosure-unanswered', detail));
}
