// Lays what IT set for a recipe over its defaults. A value that every sign-on needs and nobody set is told of here, and
// not to the first person who comes.

import type { Recipe } from '../core/ehr/recipe.ts';
import { didYouMean, listed } from './did-you-mean.ts';
import type { ApplicationEntry } from './application-schema.ts';
import type { GatewayFile } from './gateway-schema.ts';
import type { Reading } from './reading.ts';
import { firstNeedOf } from './recipe-values.ts';
import { beginningProblem } from './request-line.ts';
import type { KeyPath } from './yaml-source.ts';

/** `at` is where signOnValues stands; its names have been checked. */
export function signOnValues(
  reading: Reading<GatewayFile>,
  at: KeyPath,
  given: ApplicationEntry['signOnValues'],
  recipe: Recipe,
): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, preset] of recipe.values) {
    const set = given?.[name];
    const value = set === undefined ? preset : typeof set === 'string' ? set : reading.written([...at, name]);
    if (value !== null) values.set(name, value);
    const need = firstNeedOf(recipe, name);
    if (value === null && need !== undefined) {
      const fix = `write signOnValues: { ${name}: … }`;
      reading.mistake(at, `Preset needs the value "${name}" for every sign-on (${need.at}), and has none itself; ${fix}`);
    }
    if (value !== null && recipe.steps.some(({ target: [first] }) => typeof first === 'object' && first.value === name)) {
      const problem = beginningProblem(value);
      if (problem !== null) reading.mistake([...at, name], `Value "${value}" of ${name} is a path, and ${problem}`);
    }
  }
  return values;
}

/** Reports names that the recipe does not know; `undefined` where nothing is known of the preset. */
export function checkSignOnValues(
  reading: Reading<GatewayFile>,
  at: KeyPath,
  given: ApplicationEntry['signOnValues'],
  recipe: Recipe | null | undefined,
): void {
  if (given === undefined || recipe === undefined) return;
  if (recipe === null) {
    reading.keyMistake(at, 'Key signOnValues belongs to a preset with signOn: { by: recipe, … }, and there is none here');
    return;
  }
  const known = [...recipe.values.keys()];
  for (const [name, value] of Object.entries(given)) {
    if (!known.includes(name)) {
      const message = `Value "${name}" is not one that the preset takes, there is ${listed(known, 'and')}`;
      reading.keyMistake([...at, name], message, didYouMean(name, known));
    } else if (/\p{Cc}/u.test(String(value))) {
      reading.mistake([...at, name], `Value of ${name} holds an invisible character, type it anew`);
    }
  }
}
