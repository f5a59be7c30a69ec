// Whether a person may receive a download through a rule that they may open. Judged on roles alone; an emergency access
// opens charts and budgets, never an export.

import type { Rule } from '../policy/policy.ts';

export function mayExport(rule: Pick<Rule, 'exportRoles'>, roles: readonly string[]): boolean {
  return rule.exportRoles === null || rule.exportRoles.some((role) => roles.includes(role));
}
