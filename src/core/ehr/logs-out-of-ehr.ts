// Whether a request logs its person out of the EHR, asked of an application: only a recipe knows what its logout is.

import type { Method, ParameterDialect } from '../policy/policy.ts';
import type { CanonicalTarget } from '../target/canonical-target.ts';
import { isEhrLogout } from './logout-route.ts';
import type { Recipe } from './recipe.ts';

interface Application {
  readonly signOn: { readonly by: string; readonly recipe?: Recipe };
  readonly parameters: ParameterDialect;
}

export function logsOutOfEhr(
  { signOn: { recipe }, parameters }: Application,
  method: Method,
  target: Pick<CanonicalTarget, 'segments' | 'query'>,
): boolean {
  return recipe !== undefined && isEhrLogout(recipe, method, target, parameters);
}
