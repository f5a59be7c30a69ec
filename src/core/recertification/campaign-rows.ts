// The rows of a new campaign: each person with each role they are known to have, and what can be told of its use. What a role
// was used for is only certain where no other role of the same person opens the same rule.

import type { Policy, Rule } from '../policy/policy.ts';
import { examplesOf, questionOf, RightsUnder, rightUnder } from '../rights/rights-of.ts';
import type { ReadingsOf } from '../rights/rights-of.ts';
import type { Person, ReviewedRole, RoleUse, RowFacts } from './campaign.ts';

/** Somebody with the roles they are known to have. */
export interface RoleHolder {
  readonly person: Person;
  readonly displayName: string;
  readonly seenAt: number;
  readonly roles: readonly { readonly role: string; readonly grantedAt: number; readonly seenAt: number }[];
  /** Rule → their last request that it let through in the period. */
  readonly used: ReadonlyMap<string, number>;
}

export function campaignRows(policy: Policy, holders: readonly RoleHolder[]): readonly RowFacts[] {
  return holders
    .flatMap((holder) => holder.roles.map((held) => ({ holder, held })))
    .map(({ holder, held }, index) => {
      const { person, displayName, seenAt } = holder;
      const opened = policy.rules.filter((rule) => opens(rule, held.role));
      const use = useOf(opened, holder, held);
      const unused = opened.filter(({ name }) => !holder.used.has(name)).map(({ name }) => name);
      return { row: index + 1, person, displayName, role: held.role, grantedAt: held.grantedAt, seenAt, use, unused };
    });
}

/** Rules that tell this role apart from the others that the person has. */
export function tellingRules(policy: Policy, role: string, all: readonly string[]): readonly string[] {
  const others = all.filter((one) => one !== role);
  return policy.rules.filter((rule) => opens(rule, role) && !others.some((other) => opens(rule, other))).map(({ name }) => name);
}

/** What each role permits, an area a line. */
export function reviewedRoles(policy: Policy, readingsOf: ReadingsOf): readonly ReviewedRole[] {
  const asked = new RightsUnder(policy);
  const examples = examplesOf([policy]).map((example) => ({ example, rule: asked.ruleFor(questionOf(example, readingsOf)) }));
  return [...policy.roles].map(([role, groups]) => {
    const rights = new Map<string, Set<string>>();
    for (const { example, rule } of examples) {
      const right = rightUnder(rule, { role });
      if (right === null) continue;
      const line = `${example.area}${right.terms === '' ? '' : ` (${right.terms})`}`;
      rights.set(line, (rights.get(line) ?? new Set()).add(example.method));
    }
    return { role, groups, rights: [...rights].map(([line, methods]) => `${line}: ${[...methods].join(', ')}`) };
  });
}

/** What everybody may, no role needs to be kept for. */
function opens({ allow, emergencyRoles }: Rule, role: string): boolean {
  return allow !== 'everyone' && (allow.includes(role) || emergencyRoles.includes(role));
}

function useOf(opened: readonly Rule[], { roles, used, seenAt }: RoleHolder, { role }: RoleHolder['roles'][number]): RoleUse {
  const others = roles.map((one) => one.role).filter((one) => one !== role);
  const telling = opened.filter((rule) => !others.some((other) => opens(rule, other)));
  if (telling.length === 0) return { by: 'sign-in', at: seenAt, rule: null };
  const [last] = telling
    .flatMap(({ name }) => {
      const at = used.get(name);
      return at === undefined ? [] : [{ at, rule: name }];
    })
    .toSorted((a, b) => b.at - a.at);
  return last === undefined ? { by: 'none', at: null, rule: null } : { by: 'request', ...last };
}
