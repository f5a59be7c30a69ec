// Decides which rule a request belongs to. The first whose path, method and conditions match decides; deny-always lists
// come before all of them; nothing matched is a refusal. Never asks who the person is: that is authorize.ts.

import type { CanonicalTarget, TargetProfile } from '../target/canonical-target.ts';
import { matchPattern } from './match-pattern.ts';
import type { DenyAlways, Fields, Method, ParameterDialect, Policy, Route, Rule } from './policy.ts';
import { conditionsFit, formMayShadow, hasNoForm, methodFits } from './route-criteria.ts';
import { candidatesFor } from './rule-index.ts';
import type { Candidate, RuleIndex } from './rule-index.ts';

/** What is asked. `form` is null while the body has not been read. */
export interface Question {
  readonly application: string;
  readonly method: Method;
  readonly target: CanonicalTarget;
  readonly query: Fields;
  readonly form: Fields | null;
  readonly webSocket: boolean;
  readonly dialect: ParameterDialect;
  readonly profile: TargetProfile;
}

/**
 * `needs-form`: ask again with the form. Read for a rule about the `form`, a body that is no form is unreadable; read only
 * because it may shadow the `query`, it is `fieldlessBody`. `at` and `detail` name the place and the cause.
 */
export type Match =
  | { readonly match: 'rule'; readonly rule: Rule; readonly route: Route; readonly captures: ReadonlyMap<string, string> }
  | { readonly match: 'deny-always'; readonly at: string }
  | { readonly match: 'none' }
  | { readonly match: 'needs-form'; readonly reads: 'form' | 'query' }
  | { readonly match: 'refused'; readonly reason: 'field-ambiguous' | 'case-ambiguous'; readonly detail: string };

const none: Match = { match: 'none' };
const noFields: Fields = new Map();

/** `index` must be the one built from `policy`; another is a fault. */
export function matchRule(policy: Policy, index: RuleIndex, question: Question): Match {
  if (index.policy !== policy) throw new Error(`The rule index belongs to another version of the rules than "${policy.version}"`);
  const asked = hasNoForm(question.method) ? { ...question, form: noFields } : question;
  const { denies, rules } = candidatesFor(index, asked.application, asked.target.segments[0] ?? '');
  return matchDenies(denies, asked) ?? matchCandidates(rules, asked);
}

/** Always folded: a refusal that a capital could get round would be none. */
function matchDenies(denies: readonly DenyAlways[], question: Question): Match | null {
  for (const deny of denies) {
    if (deny.methods !== null && !methodFits(deny.methods, question.method)) continue;
    if (matchPattern(deny.pattern, question.target.segments, true) === null) continue;
    if (formMayShadow(deny.query, question, question.dialect)) return needsQueryForm;
    const fit = conditionsFit(deny.query, 'query', question, question.dialect);
    if (fit === 'hit') return { match: 'deny-always', at: deny.at };
    if (fit !== 'miss') return { match: 'refused', reason: 'field-ambiguous', detail: fit.ambiguous };
  }
  return null;
}

/**
 * One walk finds both the rule for the exact spelling and the one for the folded spelling, since whatever fits exactly
 * fits folded too. On Windows only the folded one counts; elsewhere the two must agree.
 */
function matchCandidates(candidates: readonly Candidate[], question: Question): Match {
  const foldsOnly = question.profile === 'windows';
  const hasCapital = /[A-Z]/.test(question.target.path);
  let folded: Rule | null = null;
  for (const candidate of candidates) {
    if (!methodFits(candidate.route.methods, question.method)) continue;
    const exact = matchPattern(candidate.pattern, question.target.segments, foldsOnly);
    if (exact === null) {
      if (foldsOnly || folded !== null || !(hasCapital || candidate.hasCapital)) continue;
      if (matchPattern(candidate.pattern, question.target.segments, true) === null) continue;
    }
    const match = judgeCandidate(candidate, exact ?? noCaptures, question);
    if (match === null) continue;
    if (match.match !== 'rule') return match;
    if (exact !== null) return folded === null || folded === candidate.rule ? match : caseAmbiguous(folded);
    folded = candidate.rule;
  }
  return folded === null ? none : caseAmbiguous(folded);
}

const noCaptures: ReadonlyMap<string, string> = new Map();
const needsForm: Match = { match: 'needs-form', reads: 'form' };
const needsQueryForm: Match = { match: 'needs-form', reads: 'query' };

/** A candidate whose path and method fit: its conditions decide, and an unread form must be read first. */
function judgeCandidate(candidate: Candidate, captures: ReadonlyMap<string, string>, question: Question): Match | null {
  const { rule, route, readsForm } = candidate;
  if (formMayShadow(route.query, question, question.dialect)) return needsQueryForm;
  const query = conditionsFit(route.query, 'query', question, question.dialect);
  if (query === 'miss') return null;
  if (query !== 'hit') return { match: 'refused', reason: 'field-ambiguous', detail: query.ambiguous };
  if (readsForm && (question.form === null || question.form.marks?.fieldless === true)) return needsForm;
  const form = conditionsFit(route.form, 'form', question, question.dialect);
  if (form === 'miss') return null;
  if (form !== 'hit') return { match: 'refused', reason: 'field-ambiguous', detail: form.ambiguous };
  return { match: 'rule', rule, route, captures };
}

function caseAmbiguous(rule: Rule): Match {
  const detail = `In other capitals this address would belong to rule "${rule.name}"; write it as the EHR does`;
  return { match: 'refused', reason: 'case-ambiguous', detail };
}
