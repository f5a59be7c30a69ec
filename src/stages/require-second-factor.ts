// Every session has proved a second factor; some rules want the proof to be fresh, or of a
// kind that cannot be phished. A machine has none, so that such a rule
// is never for it.

import { refuse } from '../core/answer.ts';
import { resistsPhishing } from '../core/second-factor/resists-phishing.ts';
import { isMachine } from '../core/session/machine-session.ts';
import { requestLine } from '../core/target/canonical-target.ts';
import type { Arrived, Authorized, Identified, Matched, SignedIn, Targeted } from '../facts.ts';
import type { Stage } from '../pipeline.ts';

type Given = Arrived & Identified & Targeted & SignedIn & Matched & Authorized;

export function requireSecondFactor(): Stage<Given, object> {
  return ({ rule, session, arrivedAt, method, target }) => {
    const { freshFactorSeconds, phishingResistant = false } = rule;
    if (freshFactorSeconds === null && !phishingResistant) return undefined;
    if (isMachine(session)) {
      const detail = `Rule "${rule.name}" asks for a second factor of a person, and a machine has none`;
      return refuse('machine-not-permitted', { rule: rule.name, detail });
    }
    const back = encodeURIComponent(method === 'GET' ? requestLine(target) : '/');
    if (phishingResistant && !resistsPhishing(session.factor)) {
      return refuse('second-factor-required', {
        rule: rule.name,
        detail: `Rule "${rule.name}" asks for a passkey, which no page that only looks like this one can use; a code does not do`,
        remedy: `/.wardgate/step-up?only=passkey&return=${back}`,
      });
    }
    const age = arrivedAt - session.factor.at;
    if (freshFactorSeconds === null || (age >= 0 && age <= freshFactorSeconds * 1000)) return undefined;
    return refuse('second-factor-required', {
      rule: rule.name,
      detail: `Rule "${rule.name}" asks for a confirmation that is at most ${Math.round(freshFactorSeconds / 60)} minutes old`,
      remedy: `/.wardgate/step-up?${phishingResistant ? 'only=passkey&' : ''}return=${back}`,
    });
  };
}
