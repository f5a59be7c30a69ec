// How an upstream turns the name of a parameter into the name its program reads. Two names that fold to one key may be
// one variable to the EHR, whatever they look like to us.

import { foldAscii } from '../target/fold-ascii.ts';
import type { ParameterDialect } from './policy.ts';

export interface FieldName {
  /** Shared by all spellings that the upstream might take for the same field. */
  readonly key: string;
  /** The name under which the values are kept. */
  readonly name: string;
  /** PHP makes an array of it, or versions of PHP disagree about it. */
  readonly isArray: boolean;
}

const foldings: Readonly<Record<ParameterDialect, (name: string) => FieldName>> = {
  java: (name) => ({ key: name, name, isArray: false }),
  php: (name) => {
    const folded = foldPhp(name);
    return { key: folded.name, ...folded };
  },
  strict: (name) => ({ key: foldLoosely(name), name, isArray: false }),
};

/** Folds a decoded name the way the dialect does. `strict` keeps the name and shares its key as widely as possible. */
export function foldName(name: string, dialect: ParameterDialect): FieldName {
  return foldings[dialect](name);
}

/** php_register_variable_ex: cut at NUL, drop leading spaces, `name[..]` is an array, then space, dot and `[` become `_`. */
function foldPhp(name: string): { readonly name: string; readonly isArray: boolean } {
  const end = name.indexOf('\0');
  const text = (end === -1 ? name : name.slice(0, end)).replace(/^ +/, '');
  const bracket = text.indexOf('[');
  const closed = bracket !== -1 && text.includes(']', bracket);
  const base = closed ? text.slice(0, bracket) : text;
  // After an unclosed bracket old versions leave further dots and spaces alone, and newer ones fold them.
  return { name: base.replaceAll(/[ .[]/g, '_'), isArray: /^\[|\[.*[ .[\]]/s.test(text) };
}

/** What no program reads otherwise than it stands there. */
const plainName = /^[a-z\d-]+$/;

/** As PHP does, in any capitals, without blanks around it (some programs trim), or the second of two question marks. */
function foldLoosely(name: string): string {
  if (plainName.test(name)) return name;
  const folded = foldAscii(foldPhp(name.startsWith('?') ? name.slice(1) : name).name.trimStart());
  let end = folded.length;
  // PHP has made underscores of blanks by now, so both count as the end; a pattern for this would be slow on a long name.
  while (end > 1 && /[_\s]/.test(folded.charAt(end - 1))) end -= 1;
  return folded.slice(0, end);
}
