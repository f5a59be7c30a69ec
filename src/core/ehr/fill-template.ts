// Puts values into the templates of a recipe, each encoded for the place where it stands, so that no value can become
// more than a value. Never guesses one that is missing.

import type { Template } from './recipe.ts';

export interface MissingValue {
  readonly missing: string;
}

/** The text with its values as they are, or the first that is missing. */
export function fillTemplate(template: Template, values: ReadonlyMap<string, string>): string | MissingValue {
  return fill(template, values, (value) => value);
}

/** The same for a request line: what a value brings is percent-encoded, unless the template is that value alone. */
export function fillTarget(template: Template, values: ReadonlyMap<string, string>): string | MissingValue {
  const encode = (value: string) => encodeURIComponent(value.toWellFormed());
  return fill(template, values, isWhole(template) ? (value) => value : encode);
}

/** Whether the template is exactly one value, such as `{action}`. */
export function isWhole(template: Template): boolean {
  return template.length === 1 && typeof template[0] === 'object';
}

/** `/login?site={site}`, as the recipe says it. */
export function describeTemplate(template: Template): string {
  return template.map((part) => (typeof part === 'string' ? part : `{${part.value}}`)).join('');
}

/** As application/x-www-form-urlencoded in UTF-8 (URL Standard section 5.2), in this order. */
export function encodeForm(fields: readonly (readonly [name: string, value: string])[]): string {
  return new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])).toString();
}

/** As a JSON object of texts, in this order; an object of JavaScript would put names of digits first. */
export function encodeJson(members: readonly (readonly [name: string, value: string])[]): string {
  return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
}

function fill(template: Template, values: ReadonlyMap<string, string>, encode: (value: string) => string): string | MissingValue {
  let text = '';
  for (const part of template) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    const value = values.get(part.value);
    if (value === undefined) return { missing: part.value };
    text += encode(value);
  }
  return text;
}
