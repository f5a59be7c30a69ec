// Every session has proved a second factor; some rules want the proof to be fresh. A machine has none, so that such a rule
// is never for it.

import { refuse } from '../core/answer.ts';
import { wayBack } from '../core/ehr/credential-path.ts';
import { heldPath } from '../core/held/held-path.ts';
import { isMachine } from '../core/session/machine-session.ts';
import type { Arrived, Authorized, Identified, Matched, Opened, SignedIn, Targeted } from '../facts.ts';
import type { Stage } from '../pipeline.ts';

type Given = Arrived & Identified & Targeted & SignedIn & Opened & Matched & Authorized;

export function requireSecondFactor(): Stage<Given, object> {
  return ({ rule, session, arrivedAt, method, target, held }) => {
    if (rule.freshFactorSeconds === null) return undefined;
    if (isMachine(session)) {
      const detail = `Rule "${rule.name}" asks for a fresh second factor, and a machine has none`;
      return refuse('machine-not-permitted', { rule: rule.name, detail });
    }
    const age = arrivedAt - session.factor.at;
    if (age >= 0 && age <= rule.freshFactorSeconds * 1000) return undefined;
    const back = held !== null ? heldPath : wayBack(method, target);
    return refuse('second-factor-required', {
      rule: rule.name,
      detail: `Rule "${rule.name}" asks for a confirmation that is at most ${Math.round(rule.freshFactorSeconds / 60)} minutes old`,
      remedy: `/.wardgate/step-up?return=${encodeURIComponent(back)}`,
    });
  };
}
