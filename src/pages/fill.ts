// Puts values into the `{…}` places of a sentence. Where a sentence stands in markup, the values may be markup too.

import type { Child } from './html.ts';

const place = /\{([a-zA-Z]+)\}/;

/** For a template: text stays text and is escaped there, markup stays markup. */
export function fill(text: string, values: Readonly<Record<string, Child>>): Child {
  return text.split(place).map((part, at) => (at % 2 === 0 ? part : values[part]));
}
