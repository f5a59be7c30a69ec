// What a recipe is played against: one application, and where the EHR's answers may lead.

import type { ApplicationSettings, SignOnSettings } from '../config/settings.ts';

/** Our public origin and the EHR's own. */
export function recipeTarget(application: ApplicationSettings, signOn: Extract<SignOnSettings, { readonly by: 'recipe' }>) {
  const { name, origin, upstream } = application;
  return { application: name, origins: [origin, upstream], recipe: signOn.recipe, values: signOn.values };
}
