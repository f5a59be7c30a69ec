// Roles are defined in rules.yaml; whoever names one must name one that exists.

import { didYouMean } from './did-you-mean.ts';
import { meantName } from './meant-name.ts';
import type { Reading } from './reading.ts';
import type { RulesFile } from './rules-schema.ts';
import { wordFor } from './yes-or-no.ts';
import type { KeyPath } from './yaml-source.ts';

type Rules = Reading<RulesFile>;

/** Words that mean something else where a role may stand. */
const reservedRoles = new Set(['everyone', 'nobody']);

export function roleMap(rules: Rules): Map<string, readonly string[]> {
  const roles = new Map(Object.entries(rules.value.roles ?? {}));
  for (const [name, groups] of roles) {
    if (reservedRoles.has(name))
      rules.keyMistake(['roles', name], `Role name "${name}" has a meaning of its own, choose another`);
    if (groups.length === 0) rules.mistake(['roles', name], `Role "${name}" names no group`);
  }
  return roles;
}

/** Every role the file names, also those with a mistake inside; null where that cannot be known. */
export function roleNames(rules: Rules): readonly string[] | null {
  // A role is known by the name that its author is told to write, so that one mistake is not told as many.
  return rules.namesIn('roles')?.flatMap((name) => [...new Set([name, meantName(name)])]) ?? null;
}

/**
 * Reports every name that is no role. `where` begins the sentence, such as `Rule "charts"`; `machines` are names that
 * somebody may have written here by mistake.
 */
export function checkRoles(
  rules: Rules,
  path: KeyPath,
  names: readonly string[],
  where: string,
  machines: readonly string[] = [],
): void {
  const known = roleNames(rules);
  for (const [index, name] of names.entries()) {
    if (known === null || known.includes(name)) continue;
    const machine = machines.includes(name) ? `, and machine "${name}" belongs under machines: ${name}` : '';
    rules.mistake(
      rules.entry(path, index),
      `${where}: role "${name}" is not defined${machine}`,
      didYouMean(name, known) ?? wordFor(path.at(-1), name),
    );
  }
}
