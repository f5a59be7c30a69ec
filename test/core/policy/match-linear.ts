// The matcher once more, without the index and in two separate passes: slow, plain, and what the real one must agree with.

import { matchPattern } from '../../../src/core/policy/match-pattern.ts';
import type { Match, Question } from '../../../src/core/policy/match-rule.ts';
import type { Policy } from '../../../src/core/policy/policy.ts';
import { conditionsFit, formMayShadow, hasNoForm, methodFits } from '../../../src/core/policy/route-criteria.ts';

export function matchRuleLinear(policy: Policy, given: Question): Match {
  const question = hasNoForm(given.method) ? { ...given, form: new Map<string, string[]>() } : given;
  const denied = deniedAlways(policy, question);
  if (denied !== null) return denied;
  const folded = firstMatch(policy, question, true);
  if (question.profile === 'windows' || folded.match === 'refused' || folded.match === 'needs-form') return folded;
  const exact = firstMatch(policy, question, false);
  if (exact.match === 'refused' || exact.match === 'needs-form') return exact;
  if (nameOf(exact) === nameOf(folded)) return exact;
  return { match: 'refused', reason: 'case-ambiguous', detail: '' };
}

function nameOf(match: Match): string | null {
  return match.match === 'rule' ? match.rule.name : null;
}

function deniedAlways(policy: Policy, question: Question): Match | null {
  for (const deny of policy.denyAlways) {
    if (deny.application !== question.application || matchPattern(deny.pattern, question.target.segments, true) === null)
      continue;
    if (deny.methods !== null && !methodFits(deny.methods, question.method)) continue;
    if (formMayShadow(deny.query, question, question.dialect)) return { match: 'needs-form', reads: 'query' };
    const fit = conditionsFit(deny.query, 'query', question, question.dialect);
    if (typeof fit === 'object') return { match: 'refused', reason: 'field-ambiguous', detail: '' };
    if (fit === 'hit') return { match: 'deny-always', at: deny.at };
  }
  return null;
}

function firstMatch(policy: Policy, question: Question, fold: boolean): Match {
  for (const rule of policy.rules) {
    if (rule.application !== question.application) continue;
    for (const route of rule.routes) {
      const captures = matchPattern(route.pattern, question.target.segments, fold);
      if (captures === null || !methodFits(route.methods, question.method)) continue;
      if (formMayShadow(route.query, question, question.dialect)) return { match: 'needs-form', reads: 'query' };
      const query = conditionsFit(route.query, 'query', question, question.dialect);
      if (typeof query === 'object') return { match: 'refused', reason: 'field-ambiguous', detail: '' };
      if (query === 'miss') continue;
      const readsForm = route.form.length > 0 || [...route.patient, route.selects].some((source) => source?.in === 'form');
      if (readsForm && question.form === null) return { match: 'needs-form', reads: 'form' };
      const form = conditionsFit(route.form, 'form', question, question.dialect);
      if (typeof form === 'object') return { match: 'refused', reason: 'field-ambiguous', detail: '' };
      if (form === 'hit') return { match: 'rule', rule, route, captures };
    }
  }
  return { match: 'none' };
}
