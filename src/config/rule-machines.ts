// The machines that a rule names, beside its roles and never among them: what `allow: everyone` says is said of people.

import { ownApplication } from './application-settings.ts';
import type { Reading } from './reading.ts';
import type { RuleEntry, RulesFile } from './rules-schema.ts';
import type { RuleWorld } from './rule-world.ts';
import type { KeyPath } from './yaml-source.ts';

type Rules = Reading<RulesFile>;

export function machinesOf(rules: Rules, at: KeyPath, entry: RuleEntry, world: RuleWorld): readonly string[] {
  const path = [...at, 'machines'];
  const names = entry.machines ?? [];
  for (const [index, name] of names.entries()) {
    const isWord = name === 'everyone' || name === 'nobody';
    const place = rules.entry(path, index);
    if (isWord) rules.mistake(place, `Rule "${entry.name}": machines are named one by one, "${name}" is for people`);
    else world.checkMachine(rules, place, name);
  }
  if (entry.freshFactor !== undefined)
    rules.keyMistake(
      path,
      `Rule "${entry.name}" asks for freshFactor, and a machine has no second factor; write a rule for machines of its own`,
    );
  if (entry.factor === 'phishing-resistant')
    rules.keyMistake(
      path,
      `Rule "${entry.name}" asks for a factor, and a machine has no second factor; write a rule for machines of its own`,
    );
  if ((entry.area ?? []).some((area) => area.startsWith(`${ownApplication}.`)))
    rules.keyMistake(path, `Rule "${entry.name}" opens the console, which is for people only`);
  if (entry.export !== undefined)
    rules.keyWarning(path, `Rule "${entry.name}" lets only roles export, so its machines get no downloads through it`);
  return names;
}

/** A machine that no rule names may do nothing, which is seldom meant. */
export function warnOfIdleMachines(rules: Rules, world: RuleWorld): void {
  const used = new Set((rules.value.rules ?? []).flatMap(({ machines = [] }) => machines));
  for (const name of world.machines ?? []) {
    if (!used.has(name)) rules.warning(['rules'], `Machine "${name}" is named by no rule, so it may open nothing`);
  }
}
