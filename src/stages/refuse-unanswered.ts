// Ends a download that nobody has said anything of: notes the question for its session and sends a person to the page that asks it.
// A form is kept, as for any other confirmation. The address of that page names the question and nothing of the EHR.

import { refuse } from '../core/answer.ts';
import type { End } from '../core/answer.ts';
import type { DownloadRequest } from '../core/disclosures/covers-request.ts';
import { requestLine } from '../core/target/canonical-target.ts';
import type { DisclosureQuestions } from '../disclosure-ports.ts';
import type { Recorded, SubjectMatter } from '../facts.ts';
import type { Soon } from '../ports.ts';
import { describeRequest } from './describe-request.ts';
import { askToConfirm } from './keep-for-confirmation.ts';
import type { Confirmable } from './keep-for-confirmation.ts';
import type { HoldPostNeeds } from './hold-post.ts';

export const disclosurePath = '/.wardgate/disclosure';

export type RefuseUnansweredNeeds = HoldPostNeeds & { readonly disclosureQuestions: DisclosureQuestions };

type Given = Confirmable & SubjectMatter & Recorded;

/** `kept`: a form is still at hand. */
export function refuseUnanswered(needs: RefuseUnansweredNeeds): (facts: Given, kept: boolean) => Soon<End> {
  const ask = askToConfirm(needs);
  return (facts, kept) => {
    const { rule } = facts;
    const detail = `Rule "${rule.name}" asks first whether a download leaves treatment, payment and operations`;
    const way = (post: string | null): Soon<string> => {
      const { part: _, ...asked } = downloadRequest(facts);
      const entry = describeRequest(needs, 'disclosure-cancelled', facts, {});
      const id = needs.disclosureQuestions.ask({ asked: { ...asked, post }, patient: facts.patient, entry });
      return id instanceof Promise ? id.then(pageOf) : pageOf(id);
    };
    return ask(facts, {
      page: disclosurePath,
      refused: (remedy) => refuse('disclosure-unanswered', { rule: rule.name, detail, remedy }),
      way,
      ...(kept ? {} : { gone: true as const }),
    });
  };
}

function pageOf(question: string): string {
  return `${disclosurePath}?ask=${question}`;
}

export function downloadRequest({ session, application, method, target, held, rule, headers }: Confirmable): DownloadRequest {
  return {
    session: session.reference,
    application: application.name,
    method,
    target: requestLine(target),
    post: held?.id ?? null,
    rule: rule.name,
    part: headers.has('range'),
  };
}
