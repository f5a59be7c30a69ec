// Every session has proved a second factor; some rules want the proof to be fresh. A machine has none, so that such a rule
// is never for it.

import { refuse } from '../core/answer.ts';
import { isMachine } from '../core/session/machine-session.ts';
import { requestLine } from '../core/target/canonical-target.ts';
import type { Arrived, Authorized, Identified, Matched, SignedIn, Targeted } from '../facts.ts';
import type { Stage } from '../pipeline.ts';

type Given = Arrived & Identified & Targeted & SignedIn & Matched & Authorized;

export function requireSecondFactor(): Stage<Given, object> {
  return ({ rule, session, arrivedAt, method, target }) => {
    if (rule.freshFactorSeconds === null) return undefined;
    if (isMachine(session)) {
      const detail = `Rule "${rule.name}" asks for a fresh second factor, and a machine has none`;
      return refuse('machine-not-permitted', { rule: rule.name, detail });
    }
    const age = arrivedAt - session.factor.at;
    if (age >= 0 && age <= rule.freshFactorSeconds * 1000) return undefined;
    const back = method === 'GET' ? requestLine(target) : '/';
    return refuse('second-factor-required', {
      rule: rule.name,
      detail: `Rule "${rule.name}" asks for a confirmation that is at most ${Math.round(rule.freshFactorSeconds / 60)} minutes old`,
      remedy: `/.wardgate/step-up?return=${encodeURIComponent(back)}`,
    });
  };
}
