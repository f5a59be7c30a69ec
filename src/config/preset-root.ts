// The path below which an EHR lives, such as `/openemr`: it stands before every path of a preset. '' stands for none.

import { parsePattern } from '../core/policy/path-pattern.ts';
import type { Template } from '../core/ehr/recipe.ts';
import type { Read } from './quantity.ts';

/** `/openemr`, or '' for `/`. */
export function readRoot(text: string): Read<string> {
  if (text === '/') return { value: '' };
  if (text.length > 1 && text.endsWith('/')) return { problem: `must not end in "/", write ${text.replace(/\/+$/, '') || '/'}` };
  const parsed = parsePattern(text);
  if ('problem' in parsed) return { problem: `is no path: ${parsed.problem}` };
  const plain = parsed.segments.every(({ kind }) => kind === 'literal');
  if (plain && /^\/[\x21-\x7e]+$/.test(text)) return { value: text };
  return { problem: 'must be a plain path such as /openemr, without { }, * and spaces' };
}

/** The root before a path; what begins with no slash is left as it is. */
export function withRoot(root: string, path: string): string {
  return path.startsWith('/') ? root + path : path;
}

/** The same for a request line with places for values; one that begins with a value is left as it is. */
export function templateWithRoot(root: string, target: Template): Template {
  const [first, ...rest] = target;
  return typeof first === 'string' ? [withRoot(root, first), ...rest] : target;
}
