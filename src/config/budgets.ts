// Puts the download budgets together. What a role does not say it inherits from everyone, so that a forgotten key never
// opens a budget; only the written word `unlimited` does.

// oxlint-disable unicorn/no-thenable -- `then` is the key of the rule file, its value is never awaited

import { didYouMean } from './did-you-mean.ts';
import type { Budget } from '../core/policy/policy.ts';
import type { Reading } from './reading.ts';
import { roleNames } from './roles.ts';
import type { RuleWorld } from './rule-world.ts';
import type { BudgetEntry, RulesFile } from './rules-schema.ts';

type Rules = Reading<RulesFile>;

const none: Budget = { filesPerHour: null, bytesPerDay: null, patientsPerHour: null, paceBytesPerSecond: null, then: 'refuse' };

/** `everyone` and role names → budgets. */
export function budgetMap(rules: Rules): Map<string, Budget> {
  const entries = Object.entries(rules.value.downloads ?? {});
  const known = roleNames(rules);
  for (const [name] of entries) {
    if (name === 'everyone' || known === null || known.includes(name)) continue;
    const suggestion = didYouMean(name, ['everyone', ...known]);
    rules.keyMistake(['downloads', name], `Downloads: role "${name}" is not defined`, suggestion);
  }
  const everyone = budget(rules.value.downloads?.['everyone'] ?? {}, none);
  for (const [name, entry] of entries) {
    if (entry.then !== 'slow' || (entry.pace ?? everyone.paceBytesPerSecond) !== null) continue;
    rules.mistake(
      ['downloads', name, 'then'],
      `Downloads of "${name}" slow down over budget, so they need a pace, write pace: 1MB/s`,
    );
  }
  return new Map(entries.map(([name, entry]) => [name, budget(entry, everyone)]));
}

/** Machine → budget. What it does not say it takes from everyone, as roles do. */
export function machineBudgetMap(rules: Rules, world: RuleWorld): Map<string, Budget> {
  const everyone = budget(rules.value.downloads?.['everyone'] ?? {}, none);
  const budgets = new Map<string, Budget>();
  for (const [name, entry] of Object.entries(rules.value.machineDownloads ?? {})) {
    world.checkMachine(rules, ['machineDownloads', name], name);
    const at = ['machineDownloads', name, 'then'];
    if (entry.then === 'ask') rules.mistake(at, `Machine "${name}" cannot state a reason, write then: refuse or then: slow`);
    if (entry.then === 'slow' && (entry.pace ?? everyone.paceBytesPerSecond) === null)
      rules.mistake(at, `Downloads of machine "${name}" slow down over budget, so they need a pace, write pace: 1MB/s`);
    budgets.set(name, budget(entry, everyone));
  }
  return budgets;
}

function budget(entry: BudgetEntry, base: Budget): Budget {
  return {
    filesPerHour: entry.files === undefined ? base.filesPerHour : entry.files,
    bytesPerDay: entry.size === undefined ? base.bytesPerDay : entry.size,
    patientsPerHour: entry.patients === undefined ? base.patientsPerHour : entry.patients,
    paceBytesPerSecond: entry.pace === undefined ? base.paceBytesPerSecond : entry.pace,
    then: entry.then ?? 'refuse',
  };
}
