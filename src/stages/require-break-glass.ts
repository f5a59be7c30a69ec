// Where the rule lets a role pass only in an emergency, an open grant must exist: a stated reason, boxed in time, and
// reviewed afterwards (45 CFR 164.312(a)(2)(ii)). The grant is looked up for everybody, because it also passes budgets.

import { refuse } from '../core/answer.ts';
import type { End } from '../core/answer.ts';
import { wayBack } from '../core/ehr/credential-path.ts';
import { heldPath } from '../core/held/held-path.ts';
import { isMachine } from '../core/session/machine-session.ts';
import type { Arrived, Authorized, Emergency, Identified, Opened, SignedIn, Targeted } from '../facts.ts';
import type { Grant, GrantStore } from '../ports.ts';
import type { Stage } from '../pipeline.ts';
import { isObserved } from './observed-match.ts';

type Given = Arrived & Identified & Targeted & SignedIn & Opened & Authorized;
type Adds = Emergency & Partial<Authorized>;

export function requireBreakGlass(needs: { readonly grants: GrantStore }): Stage<Given, Adds> {
  return (facts) => {
    // Nobody opens an emergency for a machine.
    if (isMachine(facts.session)) return conclude(facts, null);
    const { issuer, sub } = facts.session.subject;
    const grant = needs.grants.current(issuer, sub, facts.arrivedAt);
    return grant instanceof Promise ? grant.then((value) => conclude(facts, value)) : conclude(facts, grant);
  };
}

function conclude({ permit, method, target, policy, held }: Given, grant: Grant | null): Adds | End {
  if (grant !== null || !permit.viaEmergency) return { grant };
  // Nobody states a reason while the rules are only observed.
  if (isObserved(policy, target)) return { grant, permit: { ...permit, viaEmergency: false, observed: 'break-glass-required' } };
  const back = held !== null ? heldPath : wayBack(method, target);
  return refuse('break-glass-required', {
    rule: permit.rule,
    detail: `Rule "${permit.rule}" permits your role only in an emergency`,
    remedy: `/.wardgate/emergency?return=${encodeURIComponent(back)}`,
  });
}
