// Proposes candidate rules by application and the plain words that their paths begin with, in the file's order. It never
// decides: `match-rule.ts` asks the one matcher, and a property test holds the two together.

import { foldLetters } from '../target/fold-letters.ts';
import { withoutStream } from '../target/without-stream.ts';
import type { PathPattern } from './path-pattern.ts';
import { GrowingShelf, onTheWay, plainWords } from './pattern-shelf.ts';
import type { Placed, Shelf } from './pattern-shelf.ts';
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
  readonly denies: readonly Placed<DenyAlways>[];
  readonly rules: readonly Placed<Candidate>[];
}

const entriesInStep = 200;

const nothing: Candidates = { denies: [], rules: [] };

/** Built once for each rule file. */
export function indexRules(policy: Policy): RuleIndex {
  const steps = indexSteps(policy);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** The same in small steps, for whoever has something else to do between them. */
export function* indexSteps(policy: Policy): Generator<undefined, RuleIndex> {
  const names = new Set([...policy.denyAlways, ...policy.rules].map((entry) => entry.application));
  const applications = new Map<string, ApplicationIndex>();
  for (const name of names) {
    const rules = policy.rules.filter((rule) => rule.application === name);
    applications.set(name, {
      denies: yield* shelve(policy.denyAlways.filter((deny) => deny.application === name)),
      rules: yield* shelve(candidatesOf(rules)),
    });
  }
  return { policy, applications };
}

/** Everything that could fit a target of this application with these segments. */
export function candidatesFor(index: RuleIndex, application: string, segments: readonly string[]): Candidates {
  const found = index.applications.get(application);
  if (found === undefined) return nothing;
  const words = segments.map(wordOf);
  return { denies: onTheWay(found.denies, words), rules: onTheWay(found.rules, words) };
}

function* candidatesOf(rules: readonly Rule[]): Generator<Candidate> {
  for (const rule of rules) for (const route of rule.routes) yield candidate(rule, route);
}

function candidate(rule: Rule, route: Route): Candidate {
  const readsForm = route.form.length > 0 || [...route.patient, route.selects].some((source) => source?.in === 'form');
  return { rule, route, pattern: route.pattern, readsForm, hasCapital: /[A-Z]/.test(route.pattern.source) };
}

function* shelve<Entry extends { readonly pattern: PathPattern }>(entries: Iterable<Entry>): Generator<undefined, Shelf<Entry>> {
  const shelf = new GrowingShelf<Entry>();
  let at = 0;
  for (const entry of entries) {
    shelf.put(plainWords(entry.pattern).map(wordOf), { at, entry });
    at += 1;
    if (at % entriesInStep === 0) yield;
  }
  return shelf;
}

/** One word for all that any comparison may take for one name. */
function wordOf(name: string): string {
  // Most names are plain, and have nothing to take away but capitals.
  return /^[\w-]*$/.test(name) ? name.toLowerCase() : foldLetters(withoutStream(name));
}
