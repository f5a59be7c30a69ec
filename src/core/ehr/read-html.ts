// Reads from a login page what its form would send: hidden fields and the address it sends them to. In linear time, and
// without running or fetching anything.

import { scanHtml } from './scan-html.ts';

/** The value of the first input of that name, empty where it has none; null where there is no such input. */
export function fieldValue(html: string, name: string): string | null {
  const found = firstTag(html, 'input', (attributes) => attributes.get('name') === name);
  return found === null ? null : (found.get('value') ?? '');
}

/** The action of the first form whose action holds the text, as it is written; null where there is none. */
export function formAction(html: string, holds: string): string | null {
  return firstTag(html, 'form', (attributes) => attributes.get('action')?.includes(holds) === true)?.get('action') ?? null;
}

/** What relative addresses of the page are resolved against in place of its own; null where nothing is said. */
export function baseHref(html: string): string | null {
  return firstTag(html, 'base', (attributes) => attributes.has('href'))?.get('href') ?? null;
}

type Attributes = ReadonlyMap<string, string>;

function firstTag(html: string, name: string, fits: (attributes: Attributes) => boolean): Attributes | null {
  for (const token of scanHtml(html)) {
    if (token.kind === 'tag' && !token.closing && token.name === name && fits(token.attributes)) return token.attributes;
  }
  return null;
}
