// Judges a request that is under way once more: by the roles its session has now, the rules in force now and the time of
// day now. An event stream or a WebSocket may run for a shift; a "yes" in the morning is none for the evening. Never
// permits what the request was not permitted under when it began: the rule must still be the one of that name.

import type { Refusal } from '../core/answer.ts';
import { detectDownload } from '../core/downloads/detect-download.ts';
import { mayExport } from '../core/downloads/may-export.ts';
import { authorize } from '../core/policy/authorize.ts';
import { matchRule } from '../core/policy/match-rule.ts';
import type { Policy, Rule } from '../core/policy/policy.ts';
import type { RuleIndex } from '../core/policy/rule-index.ts';
import type { Caller } from '../core/session/machine-session.ts';
import { unreachable } from '../core/unreachable.ts';
import type { Forwarded, Identified, Matched, Targeted } from '../facts.ts';
import type { GrantStore, Soon } from '../ports.ts';
import type { Restriction } from '../core/respond/restriction.ts';
import type { Restrictions } from '../restriction-ports.ts';
import type { AuthorizeNeeds } from './authorize.ts';
import { isObserved, observedRuleName } from './observed-match.ts';
import { ruleQuestion } from './rule-question.ts';

export interface JudgeAgainNeeds extends AuthorizeNeeds {
  readonly rules: () => { readonly policy: Policy; readonly index: RuleIndex };
  readonly grants: Pick<GrantStore, 'current' | 'latest'>;
  readonly restrictions: Pick<Restrictions, 'of' | 'latest'>;
}

type Given = Identified & Targeted & Matched & Partial<Forwarded>;

/** Null where it may go on. `session` is the session as it stands, `now` epoch milliseconds. */
export function judgeAgain(needs: JudgeAgainNeeds): (facts: Given, session: Caller, now: number) => Soon<Refusal | null> {
  return (facts, session, now) => {
    const rule = ruleNow(needs, facts);
    if ('reason' in rule) return rule;
    const { roles, machine } = session;
    if (machine === undefined && isObserved(needs.rules().policy, facts.target)) return null;
    const person = { roles, machine, zones: facts.zones, ...needs.localTime(now), grantOpen: true };
    const verdict = authorize(rule, person, facts.shape === 'upgrade');
    if (!verdict.allow) return refusal(verdict.reason, verdict.detail, rule.name);
    if (!mayExport(rule, roles) && isDownload(facts)) {
      return refusal('export-not-permitted', `Rule "${rule.name}" does not let your role export`, rule.name);
    }
    const held = machine === undefined ? isBlocked(needs, session, now) : false;
    return held instanceof Promise
      ? held.then(async (blocked) => withGrant(needs, { session, rule, now, blocked, viaEmergency: verdict.viaEmergency }))
      : withGrant(needs, { session, rule, now, blocked: held, viaEmergency: verdict.viaEmergency });
  };
}

interface Needed {
  readonly session: Caller;
  readonly rule: Rule;
  readonly now: number;
  readonly blocked: boolean;
  readonly viaEmergency: boolean;
}

function isBlocked({ restrictions }: JudgeAgainNeeds, { subject }: Caller, now: number): Soon<boolean> {
  const inForce = restrictions.of(subject, now);
  const blocks = (all: readonly Restriction[]): boolean => all.some(({ kind }) => kind === 'block');
  return inForce instanceof Promise ? inForce.then(blocks) : blocks(inForce);
}

/** What is cut is not taken up again, so before it is, other gateways are heard: a grant opened or a block lifted there counts. */
function withGrant(needs: JudgeAgainNeeds, needed: Needed): Soon<Refusal | null> {
  if (!needed.viaEmergency && !needed.blocked) return null;
  const { session, now } = needed;
  const grant = needs.grants.current(session.subject.issuer, session.subject.sub, now);
  if (grant instanceof Promise) return grant.then(async (open) => (open === null ? lately(needs, needed) : null));
  return grant === null ? lately(needs, needed) : null;
}

/** Where others cannot be heard, what is known here decides: a failure lets nothing go on. */
async function lately(needs: JudgeAgainNeeds, { session, rule, now, blocked, viaEmergency }: Needed): Promise<Refusal | null> {
  const stands = async () => {
    await Promise.all([needs.grants.latest(), needs.restrictions.latest()]);
    const open = await needs.grants.current(session.subject.issuer, session.subject.sub, now);
    return { open, blocked: blocked && (await isBlocked(needs, session, now)) };
  };
  const found = await stands().catch(() => ({ open: null, blocked }));
  if (found.open !== null) return null;
  if (found.blocked) return refusal('restricted', undefined, rule.name);
  return viaEmergency ? refusal('break-glass-required', 'The emergency access has ended', rule.name) : null;
}

/** The rule the request belongs to now. While the rules are the same that is the one it began under. */
function ruleNow(needs: JudgeAgainNeeds, facts: Given): Rule | Refusal {
  const { policy, index } = needs.rules();
  const { rule } = facts;
  if (policy === facts.policy) return rule;
  const found = matchRule(policy, index, ruleQuestion(facts, facts.query, facts.form));
  switch (found.match) {
    case 'rule':
      return found.rule.name === rule.name ? found.rule : refusal('no-rule', `Rule "${rule.name}" does not hold here any more`);
    case 'deny-always':
      return refusal('denied-always');
    case 'refused':
      return refusal(found.reason, found.detail);
    case 'needs-form':
      // The body has gone to the EHR; what its fields would decide today nobody can tell.
      return refusal('form-unreadable');
    case 'none':
      return isObserved(policy, facts.target) && rule.name === observedRuleName ? rule : refusal('no-rule');
    default:
      return unreachable(found);
  }
}

function isDownload({ reply, route, method }: Given): boolean {
  return reply !== undefined && detectDownload(reply, route, method).download;
}

function refusal(reason: Refusal['reason'], detail?: string, rule?: string): Refusal {
  return { kind: 'refusal', reason, ...(detail === undefined ? {} : { detail }), ...(rule === undefined ? {} : { rule }) };
}
