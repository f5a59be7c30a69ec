// What each kind of identity provider calls things: in which forms it tells what somebody is, by which claim, and how a
// role's default name looks there.

import type { GroupForm, ProviderKind, RoleName } from './answers.ts';

export interface ProviderForm {
  readonly form: GroupForm;
  /** The claim that holds it. */
  readonly claim: string;
  /** What to do at the provider, so that the claim comes. */
  readonly mapped: string;
}

export const providerForms: Readonly<Record<ProviderKind, readonly [ProviderForm, ...ProviderForm[]]>> = {
  keycloak: [
    {
      form: 'group',
      claim: 'groups',
      mapped: 'mapper "Group Membership": token claim name "groups", full group path off, add to ID token on',
    },
    {
      form: 'realm-role',
      claim: 'realm_access.roles',
      mapped: 'mapper "User Realm Role": token claim name "realm_access.roles", multivalued, add to ID token on',
    },
  ],
  entra: [
    {
      form: 'group-id',
      claim: 'groups',
      mapped: 'Token configuration, Add groups claim: "Groups assigned to the application", ID',
    },
    {
      form: 'group-name',
      claim: 'groups',
      mapped: 'Token configuration, Add groups claim, ID token: sAMAccountName with domain',
    },
    { form: 'app-role', claim: 'roles', mapped: 'App roles: one for each value below; assign the groups to them' },
  ],
  generic: [
    { form: 'claim', claim: 'groups', mapped: "a list with the person's groups, in the ID token or at the userinfo address" },
  ],
};

const groupNames: Readonly<Record<RoleName, string>> = {
  physician: 'Clinic-Physicians',
  nurse: 'Clinic-Nurses',
  'front-desk': 'Clinic-FrontDesk',
  billing: 'Clinic-Billing',
  records: 'Clinic-Records',
  it: 'Clinic-IT',
  privacy: 'Clinic-Privacy',
};

/** What a role is probably called there; null where nobody can know. A name that nobody has lets nobody in. */
export function usualGroup(form: GroupForm, role: RoleName): string | null {
  switch (form) {
    case 'group':
    case 'claim':
      return groupNames[role];
    case 'realm-role':
    case 'app-role':
      return role;
    case 'group-id':
    case 'group-name':
      return null;
    default:
      return form satisfies never;
  }
}
