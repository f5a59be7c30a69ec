// Finds the groups in a person's claims and turns them into our roles. Exact and case-sensitive; a group that no role
// names gives nothing, and a provider that withholds the groups is told apart from a person who has none.

/** What a claim says. `overage`: the provider withheld it because there are too many groups to send. */
export type ClaimReading =
  { readonly kind: 'values'; readonly values: readonly string[] } | { readonly kind: 'overage' } | { readonly kind: 'absent' };

type Claims = Readonly<Record<string, unknown>>;

/** Our roles, in the rule file's order, that any of the provider's values belongs to. */
export function mapRoles(roles: ReadonlyMap<string, readonly string[]>, claimValues: readonly string[]): readonly string[] {
  const held = new Set(claimValues);
  return [...roles].filter(([, groups]) => groups.some((group) => held.has(group))).map(([role]) => role);
}

/** `dottedPath` is a claim's own name, which wins, or a path such as `realm_access.roles`. A string is one value. */
export function readClaim(claims: Claims, dottedPath: string): ClaimReading {
  const claim = find(claims, dottedPath);
  if (typeof claim === 'string') return { kind: 'values', values: [claim] };
  if (Array.isArray(claim)) return { kind: 'values', values: claim.filter((value) => typeof value === 'string') };
  return isWithheld(claims, dottedPath) ? { kind: 'overage' } : { kind: 'absent' };
}

/** Names may hold dots themselves (a Keycloak client id), so every split is tried, the longest name first. */
function find(value: unknown, path: string): unknown {
  if (!isObject(value)) return undefined;
  if (Object.hasOwn(value, path)) return value[path];
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    const name = path.slice(0, dot);
    const found = Object.hasOwn(value, name) ? find(value[name], path.slice(dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Entra ID: `_claim_names` lists the claims left out, and the implicit flow says `hasgroups` instead. */
function isWithheld(claims: Claims, path: string): boolean {
  const names = find(claims, '_claim_names');
  return (isObject(names) && Object.hasOwn(names, path)) || (path === 'groups' && find(claims, 'hasgroups') === true);
}

function isObject(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null;
}
