// Whether a download is asked about: whether it leaves treatment, payment and operations. IT names the rules and roles.

import type { Rule } from '../policy/policy.ts';

export function isAsked({ disclosureRoles }: Pick<Rule, 'disclosureRoles'>, roles: readonly string[]): boolean {
  if (disclosureRoles === undefined) return false;
  return disclosureRoles === 'everyone' || disclosureRoles.some((role) => roles.includes(role));
}
