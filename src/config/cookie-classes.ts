// Puts together which cookies of an EHR stay with the gateway. A cookie has one class, and what is set in a browser never
// holds a secret.

import type { CookieClasses } from '../core/ehr/recipe.ts';
import { listed } from './did-you-mean.ts';
import type { CookieClassesEntry } from './recipe-schema.ts';
import type { Reading } from './reading.ts';
import { valuesOf } from './template.ts';
import type { KeyPath } from './yaml-source.ts';

/** `values`: names that a recipe knows and that are no secret; null where no recipe signs people on. */
export function cookieClassesOf(
  reading: Reading<unknown>,
  at: KeyPath,
  entry: CookieClassesEntry,
  values: readonly string[] | null,
): CookieClasses {
  const { jar = [], passthrough = [] } = entry;
  for (const [index, name] of passthrough.entries()) {
    if (!jar.includes(name)) continue;
    reading.mistake(reading.entry([...at, 'passthrough'], index), `Cookie "${name}" stands under jar as well, keep one`);
  }
  const seed = Object.entries(entry.seed ?? {}).map(([name, value]) => ({ name, value }));
  for (const { name, value } of seed) {
    const path = [...at, 'seed', name];
    if (jar.includes(name)) reading.mistake(path, `Cookie "${name}" stands under jar, and no browser has one of those`);
    if (values === null) reading.warning(path, `Cookie "${name}" is never set, because people are not signed on by a recipe`);
    const wrong = valuesOf(value).find((given) => values !== null && !values.includes(given));
    if (wrong === undefined) continue;
    const known = listed(values ?? [], 'and');
    reading.mistake(path, `Cookie "${name}" cannot hold {${wrong}}: scripts in the browser read it, so it may hold ${known}`);
  }
  return { jar, passthrough, seed };
}

/** What a seed may hold: a login name and what IT configured, never what people are asked for. */
export function seedValues(recipe: { readonly values: ReadonlyMap<string, unknown> }): readonly string[] {
  return ['username', 'name', ...recipe.values.keys()];
}

/** The session that a recipe opens is the gateway's, so its cookie is always among those that stay. */
export function withSessionCookie(classes: CookieClasses, sessionCookie: string | null): CookieClasses {
  if (sessionCookie === null || classes.jar.includes(sessionCookie)) return classes;
  return { ...classes, jar: [sessionCookie, ...classes.jar] };
}
