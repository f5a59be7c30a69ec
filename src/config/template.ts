// Reads text with places for values, as presets write it: `/login;s={token}`. `{{` is a brace, and `}` alone stands for
// itself. Knows no value and never fills one in.

import type { Template } from '../core/ehr/recipe.ts';
import type { Read } from './quantity.ts';

/** The longest text, in characters as it is written. */
export const mostTextCharacters = 500;

/** The parts of the text; literal parts are never empty and never stand side by side. */
export function parseTemplate(text: string): Read<Template> {
  if (text.length > mostTextCharacters) return { problem: `is longer than ${mostTextCharacters} characters` };
  const parts: (string | { readonly value: string })[] = [];
  let literal = '';
  let end = 0;
  for (const match of text.matchAll(/\{(?:\{|([^{}]*)(\})?)/g)) {
    const [whole, name = '', closed] = match;
    literal += text.slice(end, match.index);
    end = match.index + whole.length;
    if (whole === '{{') {
      literal += '{';
      continue;
    }
    const problem = nameProblem(name, closed !== undefined);
    if (problem !== null) return { problem };
    if (literal !== '') parts.push(literal);
    literal = '';
    parts.push({ value: name });
  }
  literal += text.slice(end);
  return { value: literal === '' ? parts : [...parts, literal] };
}

function nameProblem(name: string, closed: boolean): string | null {
  if (!closed) return 'opens "{" without closing it; write {name} for a value, or {{ for a brace';
  if (/^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(name)) return null;
  return `has {${name}}, and names of values have letters, digits and "_" only; write {{ for a brace`;
}

/** The names of the values in it, in order. */
export function valuesOf(template: Template): readonly string[] {
  return template.flatMap((part) => (typeof part === 'string' ? [] : [part.value]));
}
