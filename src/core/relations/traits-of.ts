// Brings what a roster and a directory say of people into one form, so that the same address or name is the same text.

import { nameParts } from '../patients/name-parts.ts';
import type { Traits } from './relation-rows.ts';

/** As a file has it; an empty text is what it does not say. */
export interface WrittenTraits {
  readonly name: string;
  /** Where a column of its own has it. */
  readonly family: string;
  /** ISO 8601, or null. */
  readonly birthDate: string | null;
  readonly address: string;
  readonly phone: string;
  readonly email: string;
}

/** Two letters more would be another street; the same word in full and shortened is one. */
const shortened: ReadonlyMap<string, string> = new Map([
  ['street', 'st'],
  ['avenue', 'ave'],
  ['road', 'rd'],
  ['lane', 'ln'],
  ['drive', 'dr'],
  ['boulevard', 'blvd'],
  ['apartment', 'apt'],
]);
/** Of a number with and without its country, the same digits stand at the end. */
const phoneDigits = 10;
const fewestPhoneDigits = 7;

/** `hide` makes a keyed hash of a text, told apart by what it is. */
export function traitsOf(written: WrittenTraits, hide: (what: string, text: string) => string): Traits {
  const { name, family, birthDate } = written;
  const hidden = (what: string, text: string | null): string | null => (text === null || text === '' ? null : hide(what, text));
  const parts = nameParts(name).toSorted().join(' ');
  return {
    email: hidden('email', written.email.trim().toLowerCase()),
    phone: hidden('phone', plainPhone(written.phone)),
    address: hidden('address', plainAddress(written.address)),
    nameAndBirth: hidden('name and birth', birthDate === null || parts === '' ? null : `${parts} ${birthDate}`),
    surname: hidden('surname', surnameOf(name, family)),
  };
}

function plainPhone(text: string): string | null {
  const digits = text.replaceAll(/\D/g, '');
  return digits.length < fewestPhoneDigits ? null : digits.slice(-phoneDigits);
}

/** A number must be in it: "Main Street" alone is no household. */
function plainAddress(text: string): string | null {
  const parts = nameParts(text).map((part) => shortened.get(part) ?? part);
  return parts.length > 1 && parts.some((part) => /\d/.test(part)) ? parts.join(' ') : null;
}

/** What stands before a comma, else the last word. */
function surnameOf(name: string, family: string): string {
  const comma = name.indexOf(',');
  const text = family !== '' ? family : comma === -1 ? (name.trim().split(/\s+/).at(-1) as string) : name.slice(0, comma);
  return nameParts(text).join(' ');
}
