// In mode `observe` a request that no rule fits still passes, under a rule of that name, so that the clinic can see what
// enforcing would refuse before it does. Deny-always lists, sign-in with its second factor and the console are enforced all the
// same; a rule that wants the factor once more asks nobody.

import type { Policy, Route, Rule } from '../core/policy/policy.ts';
import type { CanonicalTarget } from '../core/target/canonical-target.ts';
import { isReserved } from './reserved-prefix.ts';

/** Whether what the rules refuse passes all the same. Never for what is ours: the console shows everybody's record. */
export function isObserved(policy: Policy, target: CanonicalTarget): boolean {
  return policy.mode === 'observe' && !isReserved(target.path);
}

/** The route of that rule; nothing else has it. */
export const observedRoute: Route = {
  pattern: { source: '/**', segments: [{ kind: 'rest' }] },
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  query: [],
  form: [],
  patient: [],
  selects: null,
  clearsSelection: false,
  category: null,
  action: null,
  passive: false,
  download: 'by-reply',
};

/** The name under which the audit shows what no rule fits in mode `observe`. */
export const observedRuleName = 'observed';

/** A match that stands for "no rule" while observing. */
export function observedMatch(application: string): { rule: Rule; route: Route; captures: ReadonlyMap<string, string> } {
  const rule: Rule = {
    name: observedRuleName,
    application,
    routes: [observedRoute],
    allow: 'everyone',
    exportRoles: null,
    emergencyRoles: [],
    zones: null,
    hours: null,
    freshFactorSeconds: null,
    webSocket: true,
    changes: true,
    recordQuery: [],
    upstreamHeaderTimeoutSeconds: null,
    at: 'mode: observe',
  };
  return { rule, route: observedRoute, captures: new Map() };
}
