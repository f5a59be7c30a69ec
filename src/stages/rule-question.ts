// The question that a request puts to the rules, in one place: whoever judges it again later asks the very same.

import type { Question } from '../core/policy/match-rule.ts';
import type { Fields } from '../core/policy/policy.ts';
import type { Identified, Targeted } from '../facts.ts';
import { isConsole } from './reserved-prefix.ts';

/** `form` is null while the body has not been read. */
export function ruleQuestion(facts: Identified & Targeted, query: Fields, form: Fields | null): Question {
  const { application, method, target, shape } = facts;
  return {
    application: isConsole(target.path) ? 'wardgate' : application.name,
    method,
    target,
    query,
    form,
    webSocket: shape === 'upgrade',
    dialect: application.parameters,
    profile: application.targetProfile,
  };
}
