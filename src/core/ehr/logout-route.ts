// Tells the EHR's own logout among the requests of a person.

import { matchPattern } from '../policy/match-pattern.ts';
import { readQuery } from '../policy/fields.ts';
import type { FieldCondition, Fields, Method, ParameterDialect } from '../policy/policy.ts';
import { conditionsFit } from '../policy/route-criteria.ts';
import type { CanonicalTarget } from '../target/canonical-target.ts';
import { foldLetters } from '../target/fold-letters.ts';
import type { Recipe } from './recipe.ts';

/** GET and POST where the recipe names no methods. */
const anyWay: readonly Method[] = ['GET', 'POST'];

const noForm: Fields = new Map();

/** Whether this request logs the person out of the EHR, in whatever spelling of its path. */
export function isEhrLogout(
  recipe: Recipe,
  method: Method,
  { segments, query }: Pick<CanonicalTarget, 'segments' | 'query'>,
  dialect: ParameterDialect,
): boolean {
  return recipe.logout.routes.some(
    (route) =>
      (route.methods ?? anyWay).includes(method) &&
      matchPattern(route.pattern, segments, foldLetters) !== null &&
      asks(route.query ?? [], query, dialect),
  );
}

/** What the EHR may take for its logout is one: a session that goes on behind it would be opened for the next person. */
function asks(conditions: readonly FieldCondition[], query: string | null, dialect: ParameterDialect): boolean {
  if (conditions.length === 0) return true;
  return conditionsFit(conditions, 'query', { query: readQuery(query, dialect), form: noForm }, dialect) !== 'miss';
}
