// Whether the rules would let this person open something, for a list of ways that shows nobody a door that is shut to them. It
// permits nothing: whoever goes through the door is judged again.

import { authorize } from './authorize.ts';
import type { Person } from './authorize.ts';
import { matchRule } from './match-rule.ts';
import type { Question } from './match-rule.ts';
import type { Policy } from './policy.ts';
import type { RuleIndex } from './rule-index.ts';

export function mayOpen(policy: Policy, index: RuleIndex, question: Question, person: Person): boolean {
  const match = matchRule(policy, index, question);
  return match.match === 'rule' && authorize(match.rule, person, question.webSocket).allow;
}
