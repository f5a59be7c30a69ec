// Decides which rule a request belongs to. The first whose path, method and conditions match decides; deny-always lists
// come before all of them; nothing matched is a refusal. Never asks who the person is: that is authorize.ts.

import type { CanonicalTarget, TargetProfile } from '../target/canonical-target.ts';
import { foldAscii } from '../target/fold-ascii.ts';
import { foldLetters } from '../target/fold-letters.ts';
import { withoutStreams } from '../target/without-stream.ts';
import { fitsOtherSlash } from './fits-other-slash.ts';
import { matchPattern } from './match-pattern.ts';
import type { Fold } from './match-pattern.ts';
import type { PathPattern } from './path-pattern.ts';
import type { DenyAlways, Fields, Method, ParameterDialect, PatientIdForm, Policy, Route, Rule } from './policy.ts';
import { conditionsFit, formMayShadow, hasNoForm, methodFits } from './route-criteria.ts';
import { candidatesFor } from './rule-index.ts';
import type { Candidate, RuleIndex } from './rule-index.ts';
import type { Placed } from './pattern-shelf.ts';

/** What is asked. `form` is null while the body has not been read. */
export interface Question {
  readonly application: string;
  readonly method: Method;
  readonly target: CanonicalTarget;
  readonly query: Fields;
  readonly form: Fields | null;
  readonly webSocket: boolean;
  readonly dialect: ParameterDialect;
  /** For `explain`, which reads the patient as well. */
  readonly patientId?: PatientIdForm | undefined;
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
  | {
      readonly match: 'refused';
      readonly reason: 'field-ambiguous' | 'case-ambiguous' | 'slash-ambiguous';
      readonly detail: string;
    };

const none: Match = { match: 'none' };
const noFields: Fields = new Map();

/** `index` must be the one built from `policy`; another is a fault. */
export function matchRule(policy: Policy, index: RuleIndex, question: Question): Match {
  if (index.policy !== policy) throw new Error(`The rule index belongs to another version of the rules than "${policy.version}"`);
  const asked = hasNoForm(question.method) ? { ...question, form: noFields } : question;
  const { denies, rules } = candidatesFor(index, asked.application, asked.target.segments);
  const widest = widestReading(asked.target);
  return matchDenies(denies, asked, widest) ?? matchCandidates(rules, asked, widest);
}

/** Always folded, and with the final slash and without: a refusal that either could get round would be none. */
function matchDenies(denies: readonly Placed<DenyAlways>[], question: Question, widest: WidestReading): Match | null {
  for (const { entry: deny } of denies) {
    if (deny.methods !== null && !methodFits(deny.methods, question.method)) continue;
    if (!fitsFolded(deny.pattern, widest) && !fitsSlashed(deny.pattern, widest)) continue;
    if (formMayShadow(deny.query, question, question.dialect)) return needsQueryForm;
    const fit = conditionsFit(deny.query, 'query', question, question.dialect);
    if (fit === 'hit') return { match: 'deny-always', at: deny.at };
    if (fit !== 'miss') return { match: 'refused', reason: 'field-ambiguous', detail: fit.ambiguous };
  }
  return null;
}

/**
 * One walk finds the rule for the exact spelling and those for its other spellings, in capitals and with the final slash
 * or without, since whatever comes first in another spelling would be asked first there. On Windows capitals of ASCII never
 * count; elsewhere all must agree, and so must the letters of other alphabets everywhere. A rule for the other slash alone is none: nothing says that the EHR takes the two for one.
 */
function matchCandidates(candidates: readonly Placed<Candidate>[], question: Question, widest: WidestReading): Match {
  const { segments, path } = question.target;
  const foldsOnly = question.profile === 'windows';
  const hasCapital = /[A-Z]/.test(path);
  const hasForeign = widest.fold === foldLetters;
  const others: OtherSpellings = { folded: null, slashed: null };
  for (const { entry: candidate } of candidates) {
    if (!methodFits(candidate.route.methods, question.method)) continue;
    const exact = matchPattern(candidate.pattern, segments, foldsOnly ? foldAscii : null);
    const mayFold = hasForeign || (!foldsOnly && (hasCapital || candidate.hasCapital));
    const other = exact === null ? otherSpelling(candidate.pattern, widest, mayFold, others) : null;
    if (exact === null && other === null) continue;
    const match = judgeCandidate(candidate, exact ?? noCaptures, question);
    if (match === null) continue;
    if (match.match !== 'rule') return match;
    if (other === null) return agreed(match, candidate.rule, others);
    others[other] = candidate.rule;
  }
  return others.folded === null ? none : caseAmbiguous(others.folded);
}

/** The first rules that fit only in other capitals, and only with the other slash. */
interface OtherSpellings {
  folded: Rule | null;
  slashed: Rule | null;
}

/** In which other spelling the pattern fits, where that one has no rule yet. */
function otherSpelling(
  pattern: PathPattern,
  widest: WidestReading,
  mayFold: boolean,
  { folded, slashed }: OtherSpellings,
): keyof OtherSpellings | null {
  if (mayFold && folded === null && fitsFolded(pattern, widest)) return 'folded';
  return slashed === null && fitsSlashed(pattern, widest) ? 'slashed' : null;
}

/** Everything that some server may take the address for. */
interface WidestReading {
  readonly fold: Fold;
  readonly spellings: readonly (readonly string[])[];
}

/** Only what is encoded can be a letter of another alphabet or a colon; for all else ASCII is all there is to fold, and faster. */
function widestReading({ path, segments }: CanonicalTarget): WidestReading {
  if (!path.includes('%')) return { fold: foldAscii, spellings: [segments] };
  const files = withoutStreams(segments);
  return { fold: foldLetters, spellings: files === null ? [segments] : [segments, files] };
}

function fitsFolded(pattern: PathPattern, { fold, spellings }: WidestReading): boolean {
  return spellings.some((segments) => matchPattern(pattern, segments, fold) !== null);
}

function fitsSlashed(pattern: PathPattern, { fold, spellings }: WidestReading): boolean {
  return spellings.some((segments) => fitsOtherSlash(pattern, segments, fold));
}

function agreed(match: Match, rule: Rule, { folded, slashed }: OtherSpellings): Match {
  if (folded !== null && folded !== rule) return caseAmbiguous(folded);
  return slashed === null || slashed === rule ? match : slashAmbiguous(slashed);
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
  const detail = `In another spelling this address would belong to rule "${rule.name}"; write it as the EHR does`;
  return { match: 'refused', reason: 'case-ambiguous', detail };
}

function slashAmbiguous(rule: Rule): Match {
  const detail = `With the other form of its final slash this address would belong to rule "${rule.name}"; write it as the EHR does`;
  return { match: 'refused', reason: 'slash-ambiguous', detail };
}
