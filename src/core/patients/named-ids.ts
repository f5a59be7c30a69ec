// Which ids a request names, by the rule it belongs to: the patient, whom it selects, and what the rule calls identifying.
// They stand in the record as tokens, wherever in the address they are.

import type { PathPattern } from '../policy/path-pattern.ts';
import type { PatientSource, Route, Rule } from '../policy/policy.ts';

export interface NamedIds {
  /** Decoded; a part of the address that is one of them, or holds one, is an id. */
  readonly ids: readonly string[];
  /** Fields of the query whose value is an id, whatever it is. */
  readonly fields: readonly string[];
  /** What the rule knows of the path; null where none does. */
  readonly pattern: PathPattern | null;
  readonly captures: ReadonlyMap<string, string>;
  /** Whether parts that the pattern does not name are judged by their looks. */
  readonly guesses: boolean;
  readonly recordQuery: readonly string[];
}

/** What is known of the request, as far as it came. */
export interface IdFacts {
  readonly rule?: Pick<Rule, 'recordQuery'> | undefined;
  readonly route?: Route | undefined;
  readonly captures?: ReadonlyMap<string, string> | undefined;
  readonly patient?: string | null | undefined;
  readonly selects?: string | null | undefined;
}

const noCaptures: ReadonlyMap<string, string> = new Map();

export const unknownPath: NamedIds = {
  ids: [],
  fields: [],
  pattern: null,
  captures: noCaptures,
  guesses: true,
  recordQuery: [],
};

export function namedIds({ rule, route, captures = noCaptures, patient = null, selects = null }: IdFacts): NamedIds {
  if (rule === undefined || route === undefined) return unknownPath;
  const ids: string[] = [];
  const fields: string[] = [];
  if (patient !== null) ids.push(patient);
  if (selects !== null) ids.push(selects);
  const addSource = (source: PatientSource): void => {
    if (source.in === 'query') fields.push(source.name);
    const value = source.in === 'path' ? captures.get(source.name) : undefined;
    if (value !== undefined) ids.push(value);
  };
  for (const source of route.patient) addSource(source);
  if (route.selects !== null) addSource(route.selects);
  if (route.identifying !== undefined) for (const source of route.identifying) addSource(source);
  // Files of a program are named by whoever built it.
  const guesses = route.category !== 'static';
  return { ids, fields, pattern: route.pattern, captures, guesses, recordQuery: rule.recordQuery };
}
