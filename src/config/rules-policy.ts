// Puts rules.yaml together into a policy, every mistake reported. Whether the policy may be used is the caller's to
// decide: it may when no mistake was found.

import { createHash } from 'node:crypto';
import type { Policy } from '../core/policy/policy.ts';
import { gatherAreas } from './areas.ts';
import { budgetMap, machineBudgetMap } from './budgets.ts';
import { disclosurePolicy } from './disclosures.ts';
import type { Findings } from './mistake.ts';
import { oneRule } from './one-rule.ts';
import { requireKeys } from './required-keys.ts';
import type { Reading } from './reading.ts';
import { roleMap } from './roles.ts';
import { warnOfIdleMachines } from './rule-machines.ts';
import { warnOfRules } from './rule-warnings.ts';
import type { RuleWorld } from './rule-world.ts';
import type { RulesFile } from './rules-schema.ts';

type Rules = Reading<RulesFile>;

export async function rulesPolicy(rules: Rules, world: RuleWorld, findings: Findings): Promise<Policy> {
  requireKeys(rules, ['roles', 'rules']);
  const areas = await gatherAreas(rules, world, findings);
  const entries = rules.value.rules ?? [];
  const placed = entries.map((entry, index) => ({ rule: oneRule(rules, index, entry, areas, world), index }));
  checkNames(rules);
  warnOfRules(rules, placed, areas.denyAlways);
  warnOfIdleMachines(rules, world);
  return {
    mode: rules.value.mode ?? 'enforce',
    version: createHash('sha256').update(rules.parsed.source.bytes).digest('hex'),
    denyAlways: areas.denyAlways,
    rules: placed.map(({ rule }) => rule),
    roles: roleMap(rules),
    budgets: budgetMap(rules),
    machineBudgets: machineBudgetMap(rules, world),
    disclosures: disclosurePolicy(rules, world),
  };
}

function checkNames(rules: Rules): void {
  const firsts = new Map<string, number>();
  for (const [index, { name }] of (rules.value.rules ?? []).entries()) {
    const first = firsts.get(name);
    if (first === undefined) firsts.set(name, index);
    else {
      const line = rules.line(['rules', first, 'name']);
      const message = `Rule name "${name}" stands twice, first in line ${line}; records need one name each`;
      rules.mistake(['rules', index, 'name'], message);
    }
  }
}
