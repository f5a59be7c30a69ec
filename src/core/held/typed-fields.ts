// What of a held post a person reads on the page: the fields that somebody typed, and the others behind them. Never shows a
// password, and shows what is no form as the text it is.

import type { Fields } from '../policy/policy.ts';

export interface TypedField {
  readonly name: string;
  readonly text: string;
  /** Looks like words of a person, and not like a number, a choice or a token. */
  readonly isTyped: boolean;
}

/** Fields shown at most, and characters of one. */
const mostFields = 200;
const mostCharacters = 100_000;

export function typedFields(fields: Fields): readonly TypedField[] {
  const all = [...fields].flatMap(([name, values]) => values.map((text) => ({ name, text })));
  return all
    .filter(({ name, text }) => text !== '' && !isPasswordName(name))
    .slice(0, mostFields)
    .map(({ name, text }) => ({ name, text: text.slice(0, mostCharacters), isTyped: isTyped(name, text) }));
}

/** By its name, for want of anything better: a form does not say which of its fields was one. */
export function isPasswordName(name: string): boolean {
  return /pass|pwd/i.test(name);
}

/** A draft holds nothing but what somebody typed. */
export function draftFields(fields: Fields): readonly TypedField[] {
  return typedFields(fields).map((field) => ({ ...field, isTyped: true }));
}

/** A body that is no form, as one field. */
export function typedText(body: string): readonly TypedField[] {
  return [{ name: 'Text', text: body.slice(0, mostCharacters), isTyped: true }];
}

function isTyped(name: string, text: string): boolean {
  return !/csrf|token|nonce|viewstate/i.test(name) && /\s/.test(text.trim());
}
