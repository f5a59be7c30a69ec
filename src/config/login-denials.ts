// Where the gateway signs people on by a recipe, nobody else posts that login: whoever could would be another user of the
// EHR inside their own session, and every record would name the wrong person. Holds while observing as well.

import { parsePattern } from '../core/policy/path-pattern.ts';
import type { DenyAlways, Method } from '../core/policy/policy.ts';
import type { RecipeStep, Template } from '../core/ehr/recipe.ts';
import type { ApplicationSettings } from './settings.ts';

const changing: readonly Method[] = ['POST', 'PUT', 'PATCH', 'DELETE'];

/** The rows for every step that sends the password in a body; a step whose address is read from a page names none. */
export function loginDenials({ name, signOn }: Pick<ApplicationSettings, 'name' | 'signOn'>): DenyAlways[] {
  if (signOn.by !== 'recipe') return [];
  return signOn.recipe.steps.flatMap((step) => rowsOf(name, step));
}

function rowsOf(application: string, { target, body, at }: RecipeStep): DenyAlways[] {
  const members = body.kind === 'form' ? body.fields : body.kind === 'json' ? body.members : [];
  const secrets = members.filter(([, value]) => holdsPassword(value)).map(([field]) => field);
  const [path = ''] = literalStart(target).split('?');
  const pattern = parsePattern(path);
  if (secrets.length === 0 || 'problem' in pattern) return [];
  const row = { application, pattern, at };
  // Some servers read the same fields from the address.
  const inAddress = secrets.map((field) => ({ ...row, methods: null, query: [{ name: field, expect: 'present' as const }] }));
  return [{ ...row, methods: changing, query: [] }, ...inAddress];
}

function holdsPassword(template: Template): boolean {
  return template.some((part) => typeof part !== 'string' && part.value === 'password');
}

/** The text before the first value, as far as the path goes; a path that a value ends is none. */
function literalStart(target: Template): string {
  const [first = '', ...rest] = target;
  if (typeof first !== 'string') return '';
  return rest.length === 0 || first.includes('?') ? first : '';
}
