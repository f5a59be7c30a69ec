// The roles in a set of claims, or why there are none, in words that name the claim: "no access" without a reason is
// what people ring up about.

import { mapRoles, readClaim } from '../core/policy/map-roles.ts';
import { unreachable } from '../core/unreachable.ts';
import type { Policy } from '../core/policy/policy.ts';

export type RolesReading =
  | { readonly roles: readonly string[] }
  | { readonly roles: null; readonly reason: 'no-role' | 'groups-overage'; readonly detail: string };

/** `claimPath` is the dotted path of the claim that holds groups or roles. */
export function rolesOf(policy: Policy, claims: Readonly<Record<string, unknown>>, claimPath: string): RolesReading {
  const claim = readClaim(claims, claimPath);
  switch (claim.kind) {
    case 'overage':
      return {
        roles: null,
        reason: 'groups-overage',
        detail: `The sign-in service left out the claim "${claimPath}" because you are in too many groups; app roles or fewer groups in the token help`,
      };
    case 'absent':
      return {
        roles: null,
        reason: 'no-role',
        detail: `The sign-in service sent no claim "${claimPath}", which should hold your groups`,
      };
    case 'values': {
      const roles = mapRoles(policy.roles, claim.values);
      if (roles.length > 0) return { roles };
      const held = claim.values.length === 0 ? 'was empty' : `held ${quoted(claim.values)}`;
      return { roles: null, reason: 'no-role', detail: `The claim "${claimPath}" ${held}, and none of that is a role here` };
    }
    default:
      return unreachable(claim);
  }
}

function quoted(values: readonly string[]): string {
  const shown = values.slice(0, 10).map((value) => `"${value.slice(0, 80)}"`);
  return shown.join(', ') + (values.length > shown.length ? ` and ${values.length - shown.length} more` : '');
}
