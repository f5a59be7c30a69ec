// Where the rule lets a role pass only in an emergency, an open grant must exist: a stated reason, boxed in time, and
// reviewed afterwards (45 CFR 164.312(a)(2)(ii)). The grant is looked up for everybody, because it also passes budgets.
// A form that meets the question is kept, and goes on once the reason is stated.

import { refuse } from '../core/answer.ts';
import type { End } from '../core/answer.ts';
import { isMachine } from '../core/session/machine-session.ts';
import type { Session } from '../core/session/session.ts';
import type { Arrived, Authorized, Emergency, Identified, Matched, Opened, SignedIn, Targeted } from '../facts.ts';
import type { Grant, GrantStore, Soon } from '../ports.ts';
import type { Stage } from '../pipeline.ts';
import { askToConfirm } from './keep-for-confirmation.ts';
import type { HoldPostNeeds } from './hold-post.ts';
import { isObserved } from './observed-match.ts';

type Given = Arrived & Identified & Targeted & SignedIn & Opened & Matched & Authorized;
type Adds = Emergency & Partial<Authorized>;

export type RequireBreakGlassNeeds = HoldPostNeeds & { readonly grants: Pick<GrantStore, 'current' | 'latest'> };

export function requireBreakGlass(needs: RequireBreakGlassNeeds): Stage<Given, Adds> {
  const ask = askToConfirm(needs);
  return (facts) => {
    const { session } = facts;
    // Nobody opens an emergency for a machine.
    if (isMachine(session)) return facts.permit.viaEmergency && !observed(facts) ? refused(facts) : passed(facts, null);
    const { issuer, sub } = session.subject;
    const grant = needs.grants.current(issuer, sub, facts.arrivedAt);
    return grant instanceof Promise
      ? grant.then(async (value) => conclude(facts, session, value))
      : conclude(facts, session, grant);
  };

  function conclude(facts: Given, session: Session, grant: Grant | null): Soon<Adds | End> {
    if (grant !== null || !facts.permit.viaEmergency || observed(facts)) return passed(facts, grant);
    return lately(facts, session);
  }

  /** It may have been opened at another gateway a moment ago: nobody states a reason twice. */
  async function lately(facts: Given, session: Session): Promise<Adds | End> {
    const { issuer, sub } = session.subject;
    await needs.grants.latest();
    const grant = await needs.grants.current(issuer, sub, facts.arrivedAt);
    if (grant !== null) return passed(facts, grant);
    return ask({ ...facts, session }, { page: '/.wardgate/emergency', refused: (remedy) => refused(facts, remedy) });
  }
}

function observed({ policy, target }: Given): boolean {
  return isObserved(policy, target);
}

function passed(facts: Given, grant: Grant | null): Adds {
  const { permit } = facts;
  if (grant !== null || !permit.viaEmergency) return { grant };
  // Nobody states a reason while the rules are only observed.
  return { grant, permit: { ...permit, viaEmergency: false, observed: 'break-glass-required' } };
}

function refused({ permit: { rule } }: Given, remedy?: string): End {
  const detail = `Rule "${rule}" permits your role only in an emergency`;
  return refuse('break-glass-required', { rule, detail, ...(remedy === undefined ? {} : { remedy }) });
}
