// Roles are defined in rules.yaml; whoever names one must name one that exists.

import { didYouMean } from './did-you-mean.ts';
import { meantName } from './meant-name.ts';
import { otherWord } from './other-words.ts';
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
    warnOfGroups(rules, name, groups);
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
    const several = name.split(/[\s;,|]+/).filter((one) => one !== '');
    if (several.length > 1 && several.every((one) => known.includes(one))) {
      rules.mistake(
        rules.entry(path, index),
        `${where}: "${name}" is several roles, write them as a list: [${several.join(', ')}]`,
      );
      continue;
    }
    const machine = machines.includes(name) ? `, and machine "${name}" belongs under machines: ${name}` : '';
    const meant =
      didYouMean(name, known) ?? roleOfGroup(rules, name) ?? wordFor(path.at(-1), name) ?? otherWord(name, ['everyone']);
    rules.mistake(rules.entry(path, index), `${where}: role "${name}" is not defined${machine}`, meant);
  }
}

/** The role that a group of the provider stands for: rules go by our names and not by the provider's. */
function roleOfGroup(rules: Rules, name: string): string | undefined {
  return Object.entries(rules.value.roles ?? {}).find(([, groups]) => groups.includes(name))?.[0];
}

/** Lists are separated by commas, so these are one group with a strange name, or one name in several pieces. */
function warnOfGroups(rules: Rules, name: string, groups: readonly string[]): void {
  const joined = groups.find((group) => group.includes(';'));
  const pieces = groups.filter((group) => /^(OU|DC)=/i.test(group));
  if (joined !== undefined) {
    const each = joined.split(';').map((one) => one.trim());
    rules.warning(['roles', name], `Group "${joined}" holds a semicolon; where it means several, write [${each.join(', ')}]`);
  } else if (pieces.length > 0 && groups.some((group) => /^CN=/i.test(group))) {
    rules.warning(
      ['roles', name],
      `Groups such as "${pieces[0]}" are parts of one name that its commas split; write it in double quotes`,
    );
  }
}
