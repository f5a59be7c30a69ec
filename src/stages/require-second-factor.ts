// Every session has proved a second factor; some rules want the proof to be fresh, or of a
// kind that cannot be phished. A machine has none, so that such a rule
// is never for it.

import { refuse } from '../core/answer.ts';
import { wayBack } from '../core/ehr/credential-path.ts';
import { heldPath } from '../core/held/held-path.ts';
import { resistsPhishing } from '../core/second-factor/resists-phishing.ts';
import { isMachine } from '../core/session/machine-session.ts';
import type { Arrived, Authorized, Identified, Matched, Opened, SignedIn, Targeted } from '../facts.ts';
import type { Stage } from '../pipeline.ts';

type Given = Arrived & Identified & Targeted & SignedIn & Opened & Matched & Authorized;

export function requireSecondFactor(): Stage<Given, object> {
  return ({ rule, session, arrivedAt, method, target, held }) => {
    const { freshFactorSeconds, phishingResistant = false } = rule;
    if (freshFactorSeconds === null && !phishingResistant) return undefined;
    if (isMachine(session)) {
      const detail = `Rule "${rule.name}" asks for a second factor of a person, and a machine has none`;
      return refuse('machine-not-permitted', { rule: rule.name, detail });
    }
    const back = encodeURIComponent(held !== null ? heldPath : wayBack(method, target));
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
