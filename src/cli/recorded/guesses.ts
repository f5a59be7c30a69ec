// What the record does not tell of a request: values that were redacted, fields of a form, whether the reply was a file.
// Each guess fills all of them in one way; only those are made that some rule near the request asks for.

import { mayExport } from '../../core/downloads/may-export.ts';
import { fitsOtherSlash } from '../../core/policy/fits-other-slash.ts';
import { foldName } from '../../core/policy/field-name.ts';
import { matchPattern } from '../../core/policy/match-pattern.ts';
import type { PathPattern } from '../../core/policy/path-pattern.ts';
import type { FieldCondition, Method, ParameterDialect } from '../../core/policy/policy.ts';
import { hasNoForm, methodFits } from '../../core/policy/route-criteria.ts';
import { candidatesFor } from '../../core/policy/rule-index.ts';
import type { CanonicalTarget } from '../../core/target/canonical-target.ts';
import { foldLetters } from '../../core/target/fold-letters.ts';
import type { Rulebook } from './rulebook.ts';

/** Values by name as a rule spells it; null for a field that is not there. */
export interface Guess {
  readonly query: ReadonlyMap<string, string>;
  readonly form: ReadonlyMap<string, string | null>;
  readonly isFile: boolean;
  /** Roles that are not certain count. */
  readonly widestRoles: boolean;
}

/** What is asked, as far as guesses need it. */
export interface Unknowns {
  readonly application: string;
  readonly method: Method;
  readonly target: CanonicalTarget;
  readonly dialect: ParameterDialect;
  readonly roles: readonly string[];
  readonly hadBody: boolean;
  /** It passed, so its reply may have been a file. */
  readonly passed: boolean;
  readonly rolesAreCertain: boolean;
}

export type UnknownKind = 'query' | 'form' | 'file' | 'roles';

export interface Guesses {
  readonly all: readonly Guess[];
  readonly unknown: readonly UnknownKind[];
}

/** More ways than this are not gone through; such a request cannot be judged. */
const mostGuesses = 64;
/** A value that no rule names, and that none comes near. */
const anotherValue = 'wardgate-another-value';
export const redacted = '-';

const plain: Guesses = {
  all: [{ query: new Map(), form: new Map(), isFile: false, widestRoles: false }],
  unknown: [],
};

/** Null where there are too many ways. */
export function guessesFor(books: readonly Rulebook[], asked: Unknowns): Guesses | null {
  const near = books.map((book) => candidatesNear(book, asked));
  const query = near.flatMap((one) => one.query).filter(({ name }) => isRedacted(asked, name));
  const form = asked.hadBody && !hasNoForm(asked.method) ? near.flatMap((one) => one.form) : [];
  const mayBeFile = asked.passed && near.some((one) => one.exports);
  if (query.length === 0 && form.length === 0 && !mayBeFile && asked.rolesAreCertain) return plain;
  const queryWays = ways(query, []);
  const formWays = ways(form, [null]);
  const files = mayBeFile ? [false, true] : [false];
  const roles = asked.rolesAreCertain ? [false] : [false, true];
  if (queryWays === null || formWays === null) return null;
  if (queryWays.length * formWays.length * files.length * roles.length > mostGuesses) return null;
  const all = queryWays.flatMap((queryWay) =>
    formWays.flatMap((formWay) =>
      files.flatMap((isFile) => roles.map((widestRoles) => ({ query: texts(queryWay), form: formWay, isFile, widestRoles }))),
    ),
  );
  const unknown: readonly (readonly [UnknownKind, boolean])[] = [
    ['query', queryWays.length > 1],
    ['form', formWays.length > 1],
    ['file', mayBeFile],
    ['roles', !asked.rolesAreCertain],
  ];
  return { all, unknown: unknown.flatMap(([kind, is]) => (is ? [kind] : [])) };
}

/** The conditions of every rule whose path and method may fit, and whether one of them asks who may export. */
function candidatesNear({ index }: Rulebook, { application, method, target, roles }: Unknowns) {
  const { denies, rules } = candidatesFor(index, application, target.segments);
  const fits = (pattern: PathPattern): boolean =>
    matchPattern(pattern, target.segments, foldLetters) !== null || fitsOtherSlash(pattern, target.segments, foldLetters);
  const near = rules.map(({ entry }) => entry).filter(({ route, pattern }) => methodFits(route.methods, method) && fits(pattern));
  const shut = denies.map(({ entry }) => entry).filter(({ pattern, query }) => query.length > 0 && fits(pattern));
  return {
    query: [...shut.flatMap(({ query }) => query), ...near.flatMap(({ route }) => route.query)],
    form: near.flatMap(({ route }) => route.form),
    exports: near.some(({ rule, route }) => route.download !== 'never' && !mayExport(rule, roles)),
  };
}

/** Whether the field stands in the query without its value. */
function isRedacted({ target, dialect }: Unknowns, name: string): boolean {
  const wanted = foldName(name, dialect).key;
  return (target.query ?? '').split('&').some((pair) => namesField(pair, wanted, dialect) && pair.endsWith(`=${redacted}`));
}

/** Whether a pair of the query is of the field with this key. */
export function namesField(pair: string, key: string, dialect: ParameterDialect): boolean {
  const [name = ''] = pair.split('=');
  return foldName(decoded(name), dialect).key === key;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return name;
  }
}

/** Every way to fill these fields with what the conditions tell apart. */
function ways(
  conditions: readonly FieldCondition[],
  besides: readonly (string | null)[],
): readonly ReadonlyMap<string, string | null>[] | null {
  const values = new Map<string, Set<string | null>>();
  for (const { name, expect } of conditions) {
    const known = values.get(name) ?? new Set([...besides, anotherValue]);
    if (typeof expect === 'object') known.add(expect.value);
    values.set(name, known);
  }
  let all: readonly ReadonlyMap<string, string | null>[] = [new Map()];
  for (const [name, options] of values) {
    all = all.flatMap((way) => [...options].map((value) => new Map([...way, [name, value] as const])));
    if (all.length > mostGuesses) return null;
  }
  return all;
}

function texts(way: ReadonlyMap<string, string | null>): ReadonlyMap<string, string> {
  return new Map([...way].map(([name, value]) => [name, value ?? '']));
}
