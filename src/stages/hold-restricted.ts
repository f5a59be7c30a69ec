// Holds somebody about whom a detector spoke up, where the clinic asks for that: refused, asked for the second factor, or slowed.
// An open emergency access passes, because the patient comes first. Own pages that a session needs to put things right come before
// this stage and never meet it.

import { recordName } from '../core/audit/record-number.ts';
import { refuse } from '../core/answer.ts';
import type { End } from '../core/answer.ts';
import { judgeRestricted } from '../core/respond/judge-restricted.ts';
import type { RestrictedVerdict } from '../core/respond/judge-restricted.ts';
import { provedAt } from '../core/respond/proved-at.ts';
import type { Restriction } from '../core/respond/restriction.ts';
import { isMachine } from '../core/session/machine-session.ts';
import type { Session } from '../core/session/session.ts';
import type { Arrived, Authorized, Emergency, Identified, Matched, Opened, SignedIn, Targeted } from '../facts.ts';
import type { Stage } from '../pipeline.ts';
import type { GrantStore, Soon } from '../ports.ts';
import type { Restrictions, SlowLane } from '../restriction-ports.ts';
import type { HoldPostNeeds } from './hold-post.ts';
import { askToConfirm } from './keep-for-confirmation.ts';
import { isObserved } from './observed-match.ts';
import { isReserved } from './reserved-prefix.ts';

type Given = Arrived & Identified & Targeted & SignedIn & Opened & Matched & Authorized & Emergency;
type Held = Given & { readonly session: Session };
type Adds = Partial<Authorized & Emergency>;

export type HoldRestrictedNeeds = HoldPostNeeds & {
  readonly restrictions: Pick<Restrictions, 'of' | 'latest'>;
  readonly grants: Pick<GrantStore, 'current' | 'latest'>;
  readonly slowLane: SlowLane;
};

/** Told to whoever comes too often while they are slowed. */
const againSeconds = 30;

export function holdRestricted(needs: HoldRestrictedNeeds): Stage<Given, Adds> {
  const ask = askToConfirm(needs);
  return (facts) => {
    const { session } = facts;
    if (isMachine(session)) return undefined;
    const inForce = needs.restrictions.of(session.subject, facts.arrivedAt);
    if (inForce instanceof Promise) return inForce.then(async (all) => judge({ ...facts, session }, all));
    return inForce.length === 0 ? undefined : judge({ ...facts, session }, inForce);
  };

  function judge(facts: Held, inForce: readonly Restriction[]): Soon<Adds | undefined | End> {
    const { policy, target, permit } = facts;
    const verdict = verdictOn(facts, inForce, facts.grant !== null);
    if (verdict === null) return undefined;
    // Nobody is held while the rules are only observed.
    if (isObserved(policy, target)) return { permit: { ...permit, observed: permit.observed ?? 'restricted' } };
    return verdict.holds === 'slow' ? slow(facts) : heldNow(facts);
  }

  async function heldNow(facts: Held): Promise<Adds | undefined | End> {
    const { verdict, adds } = await latestVerdict(needs, facts);
    return verdict !== null && verdict.holds !== 'slow' ? hold(facts, verdict) : adds;
  }

  function hold(facts: Held, verdict: Exclude<RestrictedVerdict, null | { holds: 'slow' }>): Soon<End> {
    if (verdict.holds === 'blocked') return blocked(facts, verdict.by);
    const detail = 'Your account was used in an unusual way, so please show once that it is you';
    const refused = (remedy: string): End => refuse('second-factor-required', { rule: facts.rule.name, detail, remedy });
    return ask(facts, { page: '/.wardgate/step-up', refused });
  }

  function blocked(facts: Held, by: Restriction): Soon<End> {
    const retry = by.until === null ? {} : { retryAfterSeconds: Math.ceil((by.until - facts.arrivedAt) / 1000) };
    const more = { rule: facts.rule.name, recorded: `Blocked after the alert at record ${recordName(by.alert)}`, ...retry };
    if (!mayOpenEmergency(facts)) return refuse('restricted', more);
    return ask(facts, { page: '/.wardgate/emergency', refused: (remedy) => refuse('restricted', { ...more, remedy }) });
  }

  /** Our own pages are not what anybody is slowed for. Somebody may have been blocked while they waited. */
  function slow(facts: Held): Soon<Adds | undefined | End> {
    if (isReserved(facts.target.path)) return undefined;
    return needs.slowLane
      .wait(facts.session.subject, (gone) => facts.exchange.onAbort(gone))
      .then((waited) => {
        if (waited) return heldNow(facts);
        const detail = 'Your requests are slowed, and too many of them are waiting';
        return refuse('too-many-attempts', { rule: facts.rule.name, detail, retryAfterSeconds: againSeconds });
      });
  }
}

/** What was lifted at another gateway, or the emergency access that was opened there, a moment ago holds nobody. */
async function latestVerdict({ restrictions, grants }: HoldRestrictedNeeds, facts: Held) {
  const { session, arrivedAt } = facts;
  await Promise.all([restrictions.latest(), grants.latest()]);
  const inForce = await restrictions.of(session.subject, arrivedAt);
  const grant = facts.grant ?? (await grants.current(session.subject.issuer, session.subject.sub, arrivedAt));
  return { verdict: verdictOn(facts, inForce, grant !== null), adds: grant === facts.grant ? undefined : { grant } };
}

function verdictOn({ session }: Held, inForce: readonly Restriction[], emergency: boolean): RestrictedVerdict {
  return inForce.length === 0 ? null : judgeRestricted(inForce, provedAt(session), emergency);
}

/** As the page itself judges it: the rules name who may. */
function mayOpenEmergency({ policy, session }: Held): boolean {
  return policy.rules.some(({ emergencyRoles }) => emergencyRoles.some((role) => session.roles.includes(role)));
}
