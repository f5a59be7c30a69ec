// Says what the rules decide and why, rule by rule. The verdict comes from the same functions that decide in production;
// the lines beside it ask the same criteria. Changes nothing and records nothing.

import { carriedPatientProblem } from '../machines/carried-patient-problem.ts';
import { requestLine } from '../target/canonical-target.ts';
import { foldAscii } from '../target/fold-ascii.ts';
import { authorize, personCriteria } from './authorize.ts';
import type { Person } from './authorize.ts';
import { matchPattern } from './match-pattern.ts';
import { matchRule } from './match-rule.ts';
import type { Match, Question } from './match-rule.ts';
import type { Policy, Route, Rule } from './policy.ts';
import { conditionsFit, methodFits } from './route-criteria.ts';
import type { Fit } from './route-criteria.ts';
import type { RuleIndex } from './rule-index.ts';
import { readMatter } from './subject-matter.ts';

/** `selection` is the patient carried in the EHR session. */
export interface ExplainedPerson extends Person {
  readonly selection: string | null;
}

export interface Criterion {
  readonly criterion: string;
  readonly hit: boolean;
  readonly detail: string;
}

export interface ExplainedRule {
  readonly name: string;
  readonly at: string;
  readonly criteria: readonly Criterion[];
  readonly decides: boolean;
}

/** `reason` is `permitted` or a refusal's code; `detail` the sentence that goes with it. */
export interface Explanation {
  readonly allow: boolean;
  readonly rule: string | null;
  readonly reason: string;
  readonly detail: string;
  readonly target: string;
  readonly patient: string | null;
  readonly rules: readonly ExplainedRule[];
}

type Conclusion = Pick<Explanation, 'allow' | 'rule' | 'reason' | 'detail' | 'patient'>;

const unmatched = {
  none: { reason: 'no-rule', detail: 'No rule fits this request' },
  'needs-form': { reason: 'form-unreadable', detail: 'A rule needs the form' },
} as const;

/** A form that is not given counts as empty. */
export function explain(policy: Policy, index: RuleIndex, question: Question, person: ExplainedPerson): Explanation {
  const asked = { ...question, form: question.form ?? new Map<string, string[]>() };
  const match = matchRule(policy, index, asked);
  const decided = match.match === 'rule' ? match.rule : null;
  const rules = policy.rules.map((rule) => explainRule(rule, asked, rule === decided ? person : null));
  if (match.match === 'deny-always') rules.unshift(explainDeny(match.at, asked));
  return { ...conclude(match, asked, person), target: requestLine(question.target), rules };
}

function conclude(match: Match, question: Question, person: ExplainedPerson): Conclusion {
  if (match.match === 'refused') return refused(null, match.reason, match.detail, null);
  if (match.match === 'deny-always') return refused(null, 'denied-always', `Nobody may open this (${match.at})`, null);
  if (match.match !== 'rule') return refused(null, unmatched[match.match].reason, unmatched[match.match].detail, null);
  const { rule, route, captures } = match;
  const matter = readMatter(
    route,
    captures,
    question.query,
    question.form,
    person.selection,
    question.dialect,
    question.method,
    question.patientId,
  );
  if ('reason' in matter) return refused(rule.name, matter.reason, matter.detail, null);
  const carried = person.machine === undefined ? null : carriedPatientProblem(matter);
  if (carried !== null) return refused(rule.name, 'patient-ambiguous', carried, null);
  const verdict = authorize(rule, person, question.webSocket);
  if (!verdict.allow) return refused(rule.name, verdict.reason, verdict.detail, matter.patient);
  const detail = `Rule "${rule.name}" permits this${verdict.viaEmergency ? ' through the open emergency access' : ''}`;
  return { allow: true, rule: rule.name, reason: 'permitted', detail, patient: matter.patient };
}

function refused(rule: string | null, reason: string, detail: string, patient: string | null): Conclusion {
  return { allow: false, rule, reason, detail, patient };
}

/** Of a rule's routes the one that fits furthest is shown; `person` is null for every rule but the deciding one. */
function explainRule(rule: Rule, question: Question, person: Person | null): ExplainedRule {
  const application = criterion(
    'application',
    rule.application === question.application,
    `The rule is for "${rule.application}"`,
  );
  const routes = rule.routes.map((route) => explainRoute(route, question));
  const closest = routes.reduce<readonly Criterion[]>(
    (best, next) => (leadingHits(next) > leadingHits(best) ? next : best),
    routes[0] ?? [],
  );
  const personal =
    person === null
      ? []
      : personCriteria.map(({ name, fits, says }) =>
          criterion(name, fits(rule, person, question.webSocket), says(rule, person, question.webSocket)),
        );
  return { name: rule.name, at: rule.at, criteria: [application, ...closest, ...personal], decides: person !== null };
}

function explainRoute(route: Route, question: Question): readonly Criterion[] {
  const path = matchPattern(route.pattern, question.target.segments, question.profile === 'windows' ? foldAscii : null) !== null;
  const query = conditionsFit(route.query, 'query', question, question.dialect);
  const form = conditionsFit(route.form, 'form', question, question.dialect);
  return [
    criterion('path', path, route.pattern.source),
    criterion('method', methodFits(route.methods, question.method), route.methods.join(' ')),
    criterion('query', query === 'hit', describe(query, route.query)),
    criterion('form', form === 'hit', describe(form, route.form)),
  ];
}

function explainDeny(at: string, question: Question): ExplainedRule {
  return { name: 'deny-always', at, criteria: [criterion('path', true, question.target.path)], decides: true };
}

function describe(fit: Fit, conditions: Route['query']): string {
  if (typeof fit === 'object') return fit.ambiguous;
  if (conditions.length === 0) return 'any';
  return conditions.map(({ name, expect }) => `${name} ${typeof expect === 'string' ? expect : `= ${expect.value}`}`).join(', ');
}

function leadingHits(criteria: readonly Criterion[]): number {
  const missed = criteria.findIndex(({ hit }) => !hit);
  return missed === -1 ? criteria.length : missed;
}

function criterion(name: string, hit: boolean, detail: string): Criterion {
  return { criterion: name, hit, detail };
}
