// Brings an address into the form in which a record and a line of the EHR's log compare, whichever parts of it the record has
// as tokens: every part becomes one. Where no part is a token, nothing is lost by it.

import type { TokenOf } from '../../patients/hide-ids.ts';
import { isPatientToken } from '../../patients/patient-token.ts';
import { writeName } from '../../policy/redact.ts';

/** Turns a part as it stands in a path into the text that a token was made of. */
export type DecodePart = (part: string) => string;

/** Of an EHR's log: a part that looks like a token is none. */
export function tokenisedPath(path: string, decode: DecodePart, tokenOf: TokenOf): string {
  return path
    .split('/')
    .map((part) => (part === '' ? part : tokenOf(decode(part))))
    .join('/');
}

/** Of a record. Where it was cut, its last part may be a piece of one and is left out. */
export function recordedPath(path: string, isCut: boolean, decode: DecodePart, tokenOf: TokenOf): string {
  const whole = isCut ? path.slice(0, path.lastIndexOf('/') + 1) : path;
  return whole
    .split('/')
    .map((part) => (part === '' || isPatientToken(part) ? part : tokenOf(decode(part))))
    .join('/');
}

/** The names of a query, joined by `&`. */
export function tokenisedNames(names: string, tokenOf: TokenOf): string {
  return eachName(names, (name) => writeName(name, tokenOf));
}

export function recordedNames(names: string, tokenOf: TokenOf): string {
  return eachName(names, (name) => (isPatientToken(name) ? name : writeName(name, tokenOf)));
}

/** Whether a record's address has a token, so that it cannot be compared without the key. */
export function hasToken(path: string, names: string | null): boolean {
  return path.split('/').some(isPatientToken) || (names ?? '').split('&').some(isPatientToken);
}

function eachName(names: string, change: (name: string) => string): string {
  return names.split('&').map(change).join('&');
}
