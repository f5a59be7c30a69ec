// The rules in force as the console asks them: which of its pages a reader may open, and what would be decided about a request
// that nobody has made. By the very functions that decide.

import { ask } from '../config/ask.ts';
import { ownApplication } from '../config/application-settings.ts';
import { methods } from '../config/schema-parts.ts';
import type { Settings } from '../config/settings.ts';
import type { RulesInForce, WhatIf } from '../console-ports.ts';
import type { Explanation } from '../core/policy/explain.ts';
import { mayOpen } from '../core/policy/may-open.ts';
import type { Policy } from '../core/policy/policy.ts';
import { indexRules } from '../core/policy/rule-index.ts';
import type { RuleIndex } from '../core/policy/rule-index.ts';
import { canonicalize } from '../core/target/canonicalize.ts';

export interface RulesAskedNeeds {
  readonly settings: Settings;
  readonly policy: () => Policy;
  /** Weekday and minute of now at the clinic. */
  readonly localTime: () => { readonly weekday: number; readonly minute: number };
}

export function rulesAsked({ settings, policy, localTime }: RulesAskedNeeds): RulesInForce {
  let last: RuleIndex | null = null;
  const index = (): RuleIndex => {
    const now = policy();
    if (last === null || last.policy !== now) last = indexRules(now);
    return last;
  };
  const { applications, limits, zones } = settings;
  return {
    policy,
    applications: [...applications.keys()],
    mayOpen: (session, from, path) => {
      const target = canonicalize(path, 'generic', limits.targetBytes);
      if ('reason' in target) return false;
      const { roles } = session;
      const person = { roles, zones: from, ...localTime(), grantOpen: false };
      return mayOpen(policy(), index(), { ...consoleQuestion, target }, person);
    },
    whatIf: ({ role, method: name, path, application: of }: WhatIf): Explanation | { readonly problem: string } => {
      const application = applications.get(of);
      const method = methods.find((one) => one === name);
      if (application === undefined) return { problem: `Application "${of}" is not configured` };
      if (method === undefined) return { problem: `Method "${name}" is none that is forwarded` };
      if (!policy().roles.has(role)) return { problem: `Role "${role}" is not defined in the rules` };
      if (!path.startsWith('/')) return { problem: `Path "${path}" must begin with "/"` };
      const person = { roles: [role], zones: [...zones.keys()], ...localTime(), grantOpen: false, selection: null };
      return ask(policy(), index(), limits.targetBytes, { application, method, path, form: [], webSocket: false, person });
    },
  };
}

const consoleQuestion = {
  application: ownApplication,
  method: 'GET',
  query: new Map(),
  form: new Map(),
  webSocket: false,
  dialect: 'java',
  profile: 'generic',
} as const;
