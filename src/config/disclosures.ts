// What rules.yaml says under `accounting`: for whom "the same recipient" may be said beforehand, and where machines take things.

import type { DisclosurePolicy } from '../core/policy/policy.ts';
import type { Reading } from './reading.ts';
import type { RulesFile } from './rules-schema.ts';
import type { RuleWorld } from './rule-world.ts';

type Rules = Reading<RulesFile>;

export function disclosurePolicy(rules: Rules, world: RuleWorld): DisclosurePolicy {
  const { sameRecipient, machines = {} } = rules.value.accounting ?? {};
  for (const name of Object.keys(machines)) world.checkMachine(rules, ['accounting', 'machines', name], name);
  warnOfSilence(rules, Object.keys(machines));
  return {
    sameRecipient: sameRecipient === undefined ? null : { seconds: sameRecipient.for, files: sameRecipient.files },
    machines: new Map(
      Object.entries(machines).map(([name, one]) => [
        name,
        one === 'inside' ? one : { ...one, address: one.address ?? null, count: null },
      ]),
    ),
  };
}

/** A machine cannot be asked: where its rule asks, the file must say beforehand where its downloads go. */
function warnOfSilence(rules: Rules, told: readonly string[]): void {
  for (const [index, { name, machines = [], disclosure }] of (rules.value.rules ?? []).entries()) {
    if (disclosure === undefined) continue;
    for (const machine of machines) {
      if (told.includes(machine)) continue;
      const fix = `write it under accounting, machines, or its downloads are refused`;
      rules.warning(
        ['rules', index, 'disclosure'],
        `Rule "${name}" asks about downloads, and nothing says where those of machine "${machine}" go; ${fix}`,
      );
    }
  }
}
