// Proposes candidate rules by application and first segment, in the file's order. It never decides: `match-rule.ts` asks
// the one matcher, and a property test holds the two together.

import { foldLetters } from '../target/fold-letters.ts';
import { withoutStreams } from '../target/without-stream.ts';
import type { PathPattern } from './path-pattern.ts';
import type { DenyAlways, Policy, Route, Rule } from './policy.ts';

/** One way to reach a rule, with what the matcher would otherwise work out for every request. */
export interface Candidate {
  readonly rule: Rule;
  readonly route: Route;
  readonly pattern: PathPattern;
  /** A condition, the patient or the selection stands in a form field. */
  readonly readsForm: boolean;
  /** The pattern has a capital, so folding may make it fit an address without any. */
  readonly hasCapital: boolean;
}

/** Entries by their first literal segment, folded as widely as any comparison does; `others` are those that any first segment may fit. */
interface Shelf<Entry> {
  readonly byFirst: ReadonlyMap<string, readonly Entry[]>;
  readonly others: readonly Entry[];
}

interface ApplicationIndex {
  readonly denies: Shelf<DenyAlways>;
  readonly rules: Shelf<Candidate>;
}

/** Belongs to exactly one policy. */
export interface RuleIndex {
  readonly policy: Policy;
  readonly applications: ReadonlyMap<string, ApplicationIndex>;
}

/** What may fit, in the order in which it decides. */
export interface Candidates {
  readonly denies: readonly DenyAlways[];
  readonly rules: readonly Candidate[];
}

const nothing: Candidates = { denies: [], rules: [] };

/** Built once for each rule file. */
export function indexRules(policy: Policy): RuleIndex {
  const names = new Set([...policy.denyAlways, ...policy.rules].map((entry) => entry.application));
  const applications = new Map<string, ApplicationIndex>();
  for (const name of names) {
    const rules = policy.rules.filter((rule) => rule.application === name);
    applications.set(name, {
      denies: shelve(policy.denyAlways.filter((deny) => deny.application === name)),
      rules: shelve(rules.flatMap((rule) => rule.routes.map((route) => candidate(rule, route)))),
    });
  }
  return { policy, applications };
}

/** Everything that could fit a target of this application with this first segment. */
export function candidatesFor(index: RuleIndex, application: string, firstSegment: string): Candidates {
  const found = index.applications.get(application);
  if (found === undefined) return nothing;
  const first = shelfOf(firstSegment);
  return {
    denies: found.denies.byFirst.get(first) ?? found.denies.others,
    rules: found.rules.byFirst.get(first) ?? found.rules.others,
  };
}

function candidate(rule: Rule, route: Route): Candidate {
  const readsForm = route.form.length > 0 || [...route.patient, route.selects].some((source) => source?.in === 'form');
  return { rule, route, pattern: route.pattern, readsForm, hasCapital: /[A-Z]/.test(route.pattern.source) };
}

function shelve<Entry extends { readonly pattern: PathPattern }>(entries: readonly Entry[]): Shelf<Entry> {
  const byFirst = new Map<string, Entry[]>();
  const others: Entry[] = [];
  for (const entry of entries) {
    const first = firstLiteral(entry.pattern);
    if (first === null) {
      for (const shelf of [...byFirst.values(), others]) shelf.push(entry);
      continue;
    }
    const shelf = byFirst.get(first) ?? [...others];
    shelf.push(entry);
    byFirst.set(first, shelf);
  }
  return { byFirst, others };
}

function firstLiteral(pattern: PathPattern): string | null {
  const first = pattern.segments[0];
  return first?.kind === 'literal' ? shelfOf(first.text) : null;
}

/** One shelf for all that any comparison may take for one name. */
function shelfOf(name: string): string {
  return foldLetters(withoutStreams([name])?.[0] ?? name);
}
