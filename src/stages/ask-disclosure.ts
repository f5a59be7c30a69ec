// Asks, before the EHR prepares a download that IT has named, whether it leaves treatment, payment and operations (45 CFR 164.528).
// What is known to be a download is asked about here, and only the answer lets it pass; what may turn out to be one is asked about
// by the reply (`reply/record-disclosure.ts`). Never asks in an emergency: the answer is owed then.

import { End } from '../core/answer.ts';
import { isAsked } from '../core/disclosures/is-asked.ts';
import type {
  Arrived,
  Authorized,
  DisclosureAsked,
  Emergency,
  Identified,
  Matched,
  Opened,
  Recorded,
  SignedIn,
  SubjectMatter,
  Targeted,
} from '../facts.ts';
import { isMachine } from '../core/session/machine-session.ts';
import type { TakenAnswer } from '../disclosure-ports.ts';
import type { Stage } from '../pipeline.ts';
import type { Soon } from '../ports.ts';
import { downloadRequest, refuseUnanswered } from './refuse-unanswered.ts';
import type { RefuseUnansweredNeeds } from './refuse-unanswered.ts';
import { machineAnswer } from './machine-answer.ts';
import { isObserved } from './observed-match.ts';

export type AskDisclosureNeeds = RefuseUnansweredNeeds;

type Given = Arrived & Identified & Targeted & SignedIn & Opened & Matched & SubjectMatter & Authorized & Emergency & Recorded;

type Asking = Parameters<ReturnType<typeof refuseUnanswered>>[0];

export function askDisclosure(needs: AskDisclosureNeeds): Stage<Given, DisclosureAsked> {
  const refuse = refuseUnanswered(needs);
  return (facts) => {
    const { session, rule, route, method, policy, target, grant } = facts;
    if (method === 'HEAD' || route.download === 'never') return { disclosure: { known: 'not-asked' } };
    const isBeforehand = route.download === 'always';
    if (isMachine(session)) return machineAnswer(facts, isBeforehand);
    if (!isAsked(rule, session.roles)) return { disclosure: { known: 'not-asked' } };
    if (isObserved(policy, target)) return { disclosure: { known: 'observed' } };
    if (grant !== null) return { disclosure: { known: 'owed' } };
    const asking = { ...facts, session };
    return isBeforehand ? beforehand(asking) : ifDownload(asking);
  };

  async function beforehand(facts: Asking): Promise<DisclosureAsked | End> {
    const settled = await settle(facts, true);
    return settled instanceof End ? settled : { disclosure: { known: 'answered', taken: settled } };
  }

  function settle(facts: Asking, kept: boolean): Soon<TakenAnswer | End> {
    const taken = needs.disclosureQuestions.take(downloadRequest(facts));
    return taken instanceof Promise ? taken.then(async (one) => one ?? refuse(facts, kept)) : (taken ?? refuse(facts, kept));
  }

  async function ifDownload(facts: Asking): Promise<DisclosureAsked> {
    const kept = await keepForm(facts);
    return { disclosure: { known: 'not-yet', settle: () => settle(facts, kept) } };
  }

  /** So that a form whose reply turns out to be a download is still at hand, to be sent once its person has answered. */
  async function keepForm({ method, shape, held, exchange }: Asking): Promise<boolean> {
    if (held !== null || method !== 'POST' || (shape !== 'page' && shape !== 'frame')) return held !== null;
    const { heldPostBytes, bodyBytes, formTimeoutSeconds } = needs.limits;
    const { declaredBytes } = exchange.body;
    // A form that tells no length cannot be read in part and still be passed on.
    if (declaredBytes === null || declaredBytes > Math.min(heldPostBytes, bodyBytes)) return false;
    return (await exchange.body.readAhead(declaredBytes, formTimeoutSeconds * 1000)).read === 'whole';
  }
}
