// Asks the rule whether this person may, here and now. Makes the only Permit there is; `forward` will not run without it.

import { refuse } from '../core/answer.ts';
import { authorize as judge } from '../core/policy/authorize.ts';
import type { Arrived, Authorized, Identified, Matched, Permit, SignedIn, SubjectMatter, Targeted } from '../facts.ts';
import type { Stage } from '../pipeline.ts';
import { isObserved, observedRoute } from './observed-match.ts';

export interface AuthorizeNeeds {
  /** Weekday (0 = Sunday) and minute after midnight in the clinic's time zone. */
  readonly localTime: (now: number) => { readonly weekday: number; readonly minute: number };
}

type Given = Arrived & Identified & Targeted & SignedIn & Matched & SubjectMatter;

export function authorize(needs: AuthorizeNeeds): Stage<Given, Authorized> {
  return ({ rule, route, session, zones, arrivedAt, shape, policy, target }) => {
    // The grant itself is checked by require-break-glass; here it only decides which rules can be reached through one.
    const { roles, machine } = session;
    const person = { roles, machine, zones, ...needs.localTime(arrivedAt), grantOpen: true };
    if (route === observedRoute) return { permit: permit(rule.name, false, 'no-rule') };
    const verdict = judge(rule, person, shape === 'upgrade');
    if (verdict.allow) return { permit: permit(rule.name, verdict.viaEmergency, null) };
    if (isObserved(policy, target)) return { permit: permit(rule.name, false, verdict.reason) };
    return refuse(verdict.reason, { detail: verdict.detail, rule: rule.name });
  };
}

function permit(rule: string, viaEmergency: boolean, observed: string | null): Permit {
  return { rule, viaEmergency, observed } as Permit;
}
