// Whether the next request of a play holds what a person keeps secret. An EHR can count a failure only for a password that
// it was sent.

import type { Play } from '../core/ehr/play-recipe.ts';
import type { RecipeStep, Template } from '../core/ehr/recipe.ts';

/** The password, and whatever else the recipe asks people for beside their name. */
export function sendsSecret({ recipe, step: first, values }: Play): boolean {
  const next = recipe.steps.slice(first).find(({ onlyWith }) => onlyWith.every((name) => values.has(name)));
  if (next === undefined) return false;
  const secrets = new Set(['password', ...recipe.asks].filter((name) => name !== 'username'));
  return (
    next.basic ||
    templatesOf(next).some((template) => template.some((part) => typeof part !== 'string' && secrets.has(part.value)))
  );
}

function templatesOf({ target, headers, body }: RecipeStep): readonly Template[] {
  const fields = body.kind === 'none' ? [] : body.kind === 'form' ? body.fields : body.members;
  return [target, ...[...headers, ...fields].map(([, template]) => template)];
}
