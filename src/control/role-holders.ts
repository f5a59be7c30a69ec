// Everybody who has a role, and what of it is on record: who signed in before roles were kept is asked of the access record.

import type { Policy } from '../core/policy/policy.ts';
import { tellingRules } from '../core/recertification/campaign-rows.ts';
import type { RoleHolder } from '../core/recertification/campaign-rows.ts';
import type { KnownPerson, PeopleRegister } from '../people-ports.ts';
import type { KnownRole, RecertificationStore } from '../recertification-ports.ts';
import type { RecordSearch } from '../search-ports.ts';

export interface RoleHoldersNeeds {
  readonly store: Pick<RecertificationStore, 'roles'>;
  readonly people: Pick<PeopleRegister, 'all'>;
  readonly search: Pick<RecordSearch, 'search'>;
}

type Held = RoleHolder['roles'];

/** Whoever has left has no role to keep. `since` is where the period of use begins. */
export async function roleHolders(
  needs: RoleHoldersNeeds,
  policy: Policy,
  since: number,
): Promise<{ readonly holders: readonly RoleHolder[]; readonly unknownPeople: number }> {
  const known = await needs.store.roles();
  const people = (await needs.people.all()).filter(({ leftAt }) => leftAt === null);
  const holders: RoleHolder[] = [];
  let unknownPeople = 0;
  for (const one of people) {
    const own = known.filter(({ issuer, sub }) => issuer === one.issuer && sub === one.sub);
    const roles = own.length > 0 ? heldIn(own) : await rolesOnRecord(needs, one);
    // Of whom only a password or a factor is kept has never been here.
    if (roles === null) unknownPeople += one.seenAt === null ? 0 : 1;
    else if (roles.length > 0) holders.push(await holderOf(needs, policy, one, roles, since));
  }
  return { holders, unknownPeople };
}

function heldIn(own: readonly KnownRole[]): Held {
  return own.filter(({ goneAt }) => goneAt === null).map(({ role, grantedAt, seenAt }) => ({ role, grantedAt, seenAt }));
}

/** Null where nothing tells. */
async function rolesOnRecord({ search }: RoleHoldersNeeds, { issuer, sub }: KnownPerson): Promise<Held | null> {
  const { requests } = await search.search({ subject: { issuer, sub }, event: 'sign-in' }, 1);
  const [last] = requests;
  if (last === undefined || last.roles === null) return null;
  return last.roles.split(', ').map((role) => ({ role, grantedAt: last.time, seenAt: last.time }));
}

async function holderOf(
  { search }: RoleHoldersNeeds,
  policy: Policy,
  { issuer, sub, name, displayName, seenAt }: KnownPerson,
  roles: Held,
  since: number,
): Promise<RoleHolder> {
  const names = roles.map(({ role }) => role);
  const asked = new Set(names.flatMap((role) => [...tellingRules(policy, role, [role]), ...tellingRules(policy, role, names)]));
  const used = new Map<string, number>();
  for (const rule of asked) {
    const { requests } = await search.search({ subject: { issuer, sub }, rule, decision: 'allowed', since }, 1);
    const [last] = requests;
    if (last !== undefined) used.set(rule, last.time);
  }
  const person = { issuer, sub, name: name ?? sub };
  return {
    person,
    displayName: displayName ?? name ?? sub,
    seenAt: seenAt ?? Math.max(...roles.map((one) => one.seenAt)),
    roles,
    used,
  };
}
