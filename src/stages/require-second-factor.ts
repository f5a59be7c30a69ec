// Every session has proved a second factor; some rules want the proof to be fresh, or of a
// kind that cannot be phished. A machine has none, so that such a rule
// is never for it. A form that meets the question is kept, and goes on once it is answered.

import { refuse } from '../core/answer.ts';
import { resistsPhishing } from '../core/second-factor/resists-phishing.ts';
import { isMachine } from '../core/session/machine-session.ts';
import type { Session } from '../core/session/session.ts';
import type { Arrived, Authorized, Identified, Matched, Opened, SignedIn, Targeted } from '../facts.ts';
import type { AskedConfirmations } from '../step-up-ports.ts';
import type { Stage } from '../pipeline.ts';
import { askToConfirm } from './keep-for-confirmation.ts';
import type { HoldPostNeeds } from './hold-post.ts';
import { isObserved } from './observed-match.ts';

type Given = Arrived & Identified & Targeted & SignedIn & Opened & Matched & Authorized;

export type RequireSecondFactorNeeds = HoldPostNeeds & { readonly asked: AskedConfirmations };

export function requireSecondFactor(needs: RequireSecondFactorNeeds): Stage<Given, Partial<Authorized>> {
  const ask = askToConfirm(needs);
  return (facts) => {
    const { rule, session, permit, policy, target, arrivedAt } = facts;
    const { freshFactorSeconds, phishingResistant = false } = rule;
    if (freshFactorSeconds === null && !phishingResistant) return undefined;
    if (isMachine(session)) {
      const detail = `Rule "${rule.name}" asks for a second factor of a person, and a machine has none`;
      return refuse('machine-not-permitted', { rule: rule.name, detail });
    }
    const detail = lacking(rule.name, freshFactorSeconds, phishingResistant, session, arrivedAt);
    if (detail === null) return undefined;
    // Nobody is asked while the rules are only observed.
    if (isObserved(policy, target)) return { permit: { ...permit, observed: permit.observed ?? 'second-factor-required' } };
    needs.asked.note(session.reference, rule.name);
    return ask(
      { ...facts, session },
      {
        page: `/.wardgate/step-up${phishingResistant ? '?only=passkey' : ''}`,
        refused: (remedy) => refuse('second-factor-required', { rule: rule.name, detail, remedy }),
      },
    );
  };
}

/** Why the session's proof does not do; null where it does. */
function lacking(
  rule: string,
  freshSeconds: number | null,
  phishingResistant: boolean,
  { factor }: Session,
  now: number,
): string | null {
  if (phishingResistant && !resistsPhishing(factor))
    return `Rule "${rule}" asks for a passkey, which no page that only looks like this one can use; a code does not do`;
  const age = now - factor.at;
  if (freshSeconds === null || (age >= 0 && age <= freshSeconds * 1000)) return null;
  return `Rule "${rule}" asks for a confirmation that is at most ${Math.round(freshSeconds / 60)} minutes old`;
}
