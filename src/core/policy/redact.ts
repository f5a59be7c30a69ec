// Writes a target for the audit: the canonical path, and the query without its values except those a rule names. Never
// throws and never decodes: what cannot be told apart is left out.

import type { CanonicalTarget } from '../target/canonical-target.ts';

const maxNameCharacters = 64;
const maxCharacters = 2048;
const cut = '...';

/** At most `most` ASCII characters; a redacted value is `-`, a name keeps its first 64 characters. */
export function redactTarget(target: CanonicalTarget, recordQuery: readonly string[], most = maxCharacters): string {
  const query =
    target.query === null
      ? ''
      : `?${target.query
          .split('&')
          .map((pair) => redactPair(pair, recordQuery))
          .join('&')}`;
  const line = target.path + query;
  return line.length > most ? line.slice(0, most - cut.length) + cut : line;
}

/** Names compare as they are spelled: a name in disguise is redacted. */
function redactPair(pair: string, recordQuery: readonly string[]): string {
  const equals = pair.indexOf('=');
  const name = equals === -1 ? pair : pair.slice(0, equals);
  if (equals !== -1 && recordQuery.includes(name)) return pair;
  const shown = name.slice(0, maxNameCharacters);
  return equals === -1 ? shown : `${shown}=-`;
}
