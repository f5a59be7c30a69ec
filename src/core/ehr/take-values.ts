// Reads from a reply of the EHR what later steps of a recipe send: tokens, cookies, the address of a form. Never invents one.

import { headerOf } from '../raw-headers.ts';
import type { EhrReply } from './ehr-reply.ts';
import { valuesIn } from './jar.ts';
import type { Jar } from './jar.ts';
import { jsonAt } from './json-pointer.ts';
import { baseHref, fieldValue, formAction } from './read-html.ts';
import type { Take } from './recipe.ts';
import { resolveLocation } from './resolve-location.ts';
import { unreachable } from '../unreachable.ts';

/** All of them by name, or the first that the reply does not hold. `jar` is that after the reply. */
export function takeValues(
  takes: readonly Take[],
  reply: EhrReply,
  jar: Jar,
  origins: readonly string[],
  now: number,
): ReadonlyMap<string, string> | { readonly missing: Take } {
  const values = new Map<string, string>();
  for (const take of takes) {
    const value = takeOne(take, reply, jar, origins, now);
    if (value === null) return { missing: take };
    values.set(take.name, value);
  }
  return values;
}

function takeOne(take: Take, reply: EhrReply, jar: Jar, origins: readonly string[], now: number): string | null {
  switch (take.from) {
    case 'field':
      return fieldValue(reply.body, take.field);
    case 'form-action':
      return actionOf(take.holds, reply, origins);
    case 'cookie':
      return valuesIn(jar, take.cookie, now)[0] ?? null;
    case 'header':
      return headerOf(reply.headers, take.header.toLowerCase());
    case 'json':
      return textAt(reply.body, take.pointer);
    case 'between':
      return textBetween(reply.body, take.before, take.after);
    default:
      return unreachable(take);
  }
}

/** Against the base of the page, which Struts writes into every one. */
function actionOf(holds: string, { body, target }: EhrReply, origins: readonly string[]): string | null {
  const action = formAction(body, holds);
  if (action === null) return null;
  const base = baseHref(body);
  const from = base === null ? target : resolveLocation(base, target, origins);
  return from === null ? null : resolveLocation(action, from, origins);
}

function textAt(body: string, pointer: string): string | null {
  const found = jsonAt(body, pointer);
  if (!found.found) return null;
  const { value } = found;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function textBetween(body: string, before: string, after: string): string | null {
  const start = body.indexOf(before);
  if (start === -1) return null;
  const end = body.indexOf(after, start + before.length);
  return end === -1 ? null : body.slice(start + before.length, end);
}
