// The kept version that somebody names: by its number in the history, by the first digits of its hash, or `file` for what
// stands in the rule file now.

import type { RuleVersions } from '../../adapters/rule-versions.ts';

/** Digits of a hash that name a version. */
export const fewestDigits = 7;

/** Null where none, or more than one, is meant. */
export function findVersion(versions: RuleVersions, name: string): { readonly version: string; readonly bytes: Buffer } | null {
  const number = /^\d{1,6}$/.test(name) ? Number(name) : null;
  const noted = versions.notes().find(({ sequence }) => sequence === number)?.note?.version;
  const digits = number === null ? name : (noted ?? '');
  return digits.length >= fewestDigits ? versions.find(digits) : null;
}
