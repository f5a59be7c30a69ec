// The matcher once more, without the index and in separate passes: slow, plain, and what the real one must agree with.

import { matchPattern } from '../../../src/core/policy/match-pattern.ts';
import type { Match, Question } from '../../../src/core/policy/match-rule.ts';
import type { PathPattern } from '../../../src/core/policy/path-pattern.ts';
import type { Policy, Route, Rule } from '../../../src/core/policy/policy.ts';
import { foldAscii } from '../../../src/core/target/fold-ascii.ts';
import { foldLetters } from '../../../src/core/target/fold-letters.ts';
import { withoutStreams } from '../../../src/core/target/without-stream.ts';
import { conditionsFit, formMayShadow, hasNoForm, methodFits } from '../../../src/core/policy/route-criteria.ts';

type Fits = (pattern: PathPattern) => ReturnType<typeof matchPattern>;

export function matchRuleLinear(policy: Policy, given: Question): Match {
  const question = hasNoForm(given.method) ? { ...given, form: new Map<string, string[]>() } : given;
  const { segments } = question.target;
  const other = segments.at(-1) === '' ? segments.slice(0, -1) : [...segments, ''];
  const exactly: Fits = (pattern) => matchPattern(pattern, segments, question.profile === 'windows' ? foldAscii : null);
  const fold = question.target.path.includes('%') ? foldLetters : foldAscii;
  const file = withoutStreams(segments) ?? segments;
  const otherFile = withoutStreams(other) ?? other;
  const folded: Fits = (pattern) => matchPattern(pattern, segments, fold) ?? matchPattern(pattern, file, fold);
  const slashed: Fits = (pattern) =>
    other.length === 0 ? null : (matchPattern(pattern, other, fold) ?? matchPattern(pattern, otherFile, fold));
  const denied = deniedAlways(policy, question, (pattern) => folded(pattern) ?? slashed(pattern));
  if (denied !== null) return denied;
  const walks = [exactly, folded, slashed].map((fits) => firstMatch(policy, question, (one) => exactly(one) ?? fits(one)));
  const [unclear] = walks.filter(({ match }) => !['rule', 'none'].includes(match.match)).sort((one, two) => one.at - two.at);
  if (unclear !== undefined) return unclear.match;
  const [exact, inCapitals, withSlash] = walks.map(({ match }) => match) as [Match, Match, Match];
  if (nameOf(exact) !== nameOf(inCapitals)) return { match: 'refused', reason: 'case-ambiguous', detail: '' };
  if (exact.match !== 'rule' || nameOf(exact) === nameOf(withSlash)) return exact;
  return { match: 'refused', reason: 'slash-ambiguous', detail: '' };
}

function nameOf(match: Match): string | null {
  return match.match === 'rule' ? match.rule.name : null;
}

function deniedAlways(policy: Policy, question: Question, fits: Fits): Match | null {
  for (const deny of policy.denyAlways) {
    if (deny.application !== question.application || fits(deny.pattern) === null) continue;
    if (deny.methods !== null && !methodFits(deny.methods, question.method)) continue;
    if (formMayShadow(deny.query, question, question.dialect)) return { match: 'needs-form', reads: 'query' };
    const fit = conditionsFit(deny.query, 'query', question, question.dialect);
    if (typeof fit === 'object') return { match: 'refused', reason: 'field-ambiguous', detail: '' };
    if (fit === 'hit') return { match: 'deny-always', at: deny.at };
  }
  return null;
}

/** What the first route that fits comes to, and its place in the file. */
function firstMatch(policy: Policy, question: Question, fits: Fits): { readonly match: Match; readonly at: number } {
  const routes = policy.rules.flatMap((rule) => rule.routes.map((route) => ({ rule, route })));
  for (const [at, { rule, route }] of routes.entries()) {
    if (rule.application !== question.application) continue;
    const captures = fits(route.pattern);
    if (captures === null || !methodFits(route.methods, question.method)) continue;
    const match = judged(question, rule, route, captures);
    if (match !== null) return { match, at };
  }
  return { match: { match: 'none' }, at: routes.length };
}

function judged(question: Question, rule: Rule, route: Route, captures: ReadonlyMap<string, string>): Match | null {
  if (formMayShadow(route.query, question, question.dialect)) return { match: 'needs-form', reads: 'query' };
  const query = conditionsFit(route.query, 'query', question, question.dialect);
  if (typeof query === 'object') return { match: 'refused', reason: 'field-ambiguous', detail: '' };
  if (query === 'miss') return null;
  const readsForm = route.form.length > 0 || [...route.patient, route.selects].some((source) => source?.in === 'form');
  if (readsForm && question.form === null) return { match: 'needs-form', reads: 'form' };
  const form = conditionsFit(route.form, 'form', question, question.dialect);
  if (typeof form === 'object') return { match: 'refused', reason: 'field-ambiguous', detail: '' };
  return form === 'hit' ? { match: 'rule', rule, route, captures } : null;
}
