// Writes a target for the audit: the canonical path, and the query without its values except those a rule names. Ids stand as
// tokens: those that the rule knows, and where no rule says what a part is, whatever may be one. Never throws.

import type { TokenOf } from '../patients/hide-ids.ts';
import { holdsId } from '../patients/holds-id.ts';
import { looksLikeId } from '../patients/looks-like-id.ts';
import type { NamedIds } from '../patients/named-ids.ts';
import { isPatientToken } from '../patients/patient-token.ts';
import type { CanonicalTarget } from '../target/canonical-target.ts';

const maxNameCharacters = 64;
const maxCharacters = 2048;
const cut = '...';

/** At most `most` ASCII characters; a redacted value is `-`, a name keeps its first 64 characters. */
export function redactTarget(target: CanonicalTarget, named: NamedIds, tokenOf: TokenOf, most = maxCharacters): string {
  const path = writePath(target, named, tokenOf);
  const query =
    target.query === null
      ? ''
      : `?${target.query
          .split('&')
          .map((pair) => writePair(pair, named, tokenOf))
          .join('&')}`;
  const line = path + query;
  return line.length > most ? line.slice(0, most - cut.length) + cut : line;
}

/** A whole part or none of it is a token, so that a log of the EHR can be brought into the same form. */
function writePath({ path, segments }: CanonicalTarget, named: NamedIds, tokenOf: TokenOf): string {
  let parts: string[] | null = null;
  for (const [at, segment] of segments.entries()) {
    if (!isId(segment, named)) continue;
    parts ??= path.split('/');
    parts[at + 1] = tokenOf(segment);
  }
  return parts === null ? path : parts.join('/');
}

function isId(part: string, named: NamedIds): boolean {
  if (part === '') return false;
  // Else anybody could write another patient's token into a record.
  if (part.startsWith('~') && isPatientToken(part)) return true;
  for (const id of named.ids) if (holdsId(part, id)) return true;
  return named.guesses && looksLikeId(part) && !isKnown(part, named);
}

/** The pattern spells it, or gives it a name that it does not call identifying. */
function isKnown(part: string, { pattern, captures }: NamedIds): boolean {
  if (pattern === null) return false;
  for (const piece of pattern.segments) if (piece.kind === 'literal' && piece.text === part) return true;
  for (const value of captures.values()) if (value === part) return true;
  return false;
}

/** Names compare as they are spelled: a name in disguise is redacted. */
function writePair(pair: string, named: NamedIds, tokenOf: TokenOf): string {
  const equals = pair.indexOf('=');
  const name = equals === -1 ? pair : pair.slice(0, equals);
  const shown = writeName(name, tokenOf);
  if (equals === -1) return shown;
  if (!named.recordQuery.includes(name)) return `${shown}=-`;
  const value = decoded(pair.slice(equals + 1));
  if (value !== '' && isIdField(name, value, named)) return `${shown}=${tokenOf(value)}`;
  return pair;
}

/** As it stands in a record, and as a name of an EHR's log compares with it. */
export function writeName(name: string, tokenOf: TokenOf): string {
  const text = name.includes('%') ? decoded(name) : name;
  return looksLikeId(text) ? tokenOf(text) : name.slice(0, maxNameCharacters);
}

function isIdField(name: string, value: string, { fields, ids }: NamedIds): boolean {
  return fields.includes(name) || isPatientToken(value) || ids.some((id) => holdsId(value, id));
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return value;
  }
}
