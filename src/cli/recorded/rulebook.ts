// One version of the rules, ready to be asked, and what a recorded request says of the roles it knows.

import { indexRules } from '../../core/policy/rule-index.ts';
import type { RuleIndex } from '../../core/policy/rule-index.ts';
import type { Policy } from '../../core/policy/policy.ts';

export interface Rulebook {
  readonly policy: Policy;
  readonly index: RuleIndex;
}

/** Records name a version by so many digits of its hash. */
export const recordedDigits = 16;

export function rulebook(policy: Policy): Rulebook {
  return { policy, index: indexRules(policy) };
}

/** Roles under other rules: those that are certain, and those that only some of the same groups give. */
export interface CarriedRoles {
  readonly certain: readonly string[];
  readonly perhaps: readonly string[];
}

/**
 * The record keeps roles and no groups, so a role is carried over by its groups: whoever held it has every role that takes
 * all of them, and perhaps one that takes some. Where the old rules are not known the names stand as they are.
 */
export function carryRoles(roles: readonly string[], old: Policy | null, next: Policy): CarriedRoles {
  const known = old === null ? null : roles.map((role) => old.roles.get(role));
  if (known === null || known.includes(undefined)) return { certain: roles, perhaps: [] };
  const certain: string[] = [];
  const perhaps: string[] = [];
  for (const [role, groups] of next.roles) {
    const shared = known.filter((held) => held?.some((group) => groups.includes(group)));
    if (shared.some((held) => held?.every((group) => groups.includes(group)))) certain.push(role);
    else if (shared.length > 0) perhaps.push(role);
  }
  return { certain, perhaps };
}
