// The people of the demo as the identity provider knows them, with what each is there to show.
// Their second-factor secrets are made anew at every start, so that none stands in a file.

import { generateSecret } from 'otplib';
import { staff } from './staff.ts';
import type { StaffMember } from './staff.ts';

/** `name` is the login name and also the provider's `sub`. `roles` are Wardgate's names for `groups`. */
export interface DemoPersona {
  readonly name: string;
  readonly displayName: string;
  /** As the provider's `groups` claim sends them at the start; `setGroups` changes what it sends later. */
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  /** One short sentence for the screen. */
  readonly mayDo: string;
  /** Base32 of 160 random bits; null for a person who has not enrolled. */
  readonly totpSecret: string | null;
}

const SECRET_BYTES = 20;

interface Part {
  readonly who: StaffMember;
  readonly group: string;
  readonly role: string | null;
  readonly mayDo: string;
  readonly enrolled: boolean;
}

const cast: readonly Part[] = [
  part(staff.physician, 'Clinic-Physicians', 'physician', 'Opens charts and documents, sends letters, reads reports'),
  part(staff.nurse, 'Clinic-Nurses', 'nurse', 'Opens charts and documents, writes notes; no reports'),
  part(staff['front-desk'], 'Clinic-FrontDesk', 'front-desk', 'Finds patients, keeps the schedule; no charts'),
  part(staff.billing, 'Clinic-Billing', 'billing', 'Works on claims and exports them; no charts'),
  part(staff.records, 'Clinic-Records', 'records', 'Opens charts, exports reports and documents'),
  part(staff.security, 'Clinic-Privacy', 'privacy', 'Reviews who opened what; opens no chart'),
  part(staff.it, 'Clinic-IT', 'it', 'Manages users and backups of the EHR; opens no chart'),
  { ...part(staff.newcomer, 'Clinic-Nurses', 'nurse', 'A nurse on day one: enrols a second factor first'), enrolled: false },
  { ...part(staff.visitor, 'Volunteers', null, 'Belongs to no role and is told so'), enrolled: false },
];

function part(who: StaffMember, group: string, role: string | null, mayDo: string): Part {
  return { who, group, role, mayDo, enrolled: true };
}

/** Everybody, with fresh secrets; the visitor, whose groups map to no role, is among them. */
export function createPersonas(): readonly DemoPersona[] {
  return cast.map(({ who, group, role, mayDo, enrolled }) => ({
    name: who.name,
    displayName: who.displayName,
    groups: [group],
    roles: role === null ? [] : [role],
    mayDo,
    totpSecret: enrolled ? generateSecret({ length: SECRET_BYTES }) : null,
  }));
}

/** Those the screen and its JSON name: everybody who has a role. */
export function listedPersonas(personas: readonly DemoPersona[]): readonly DemoPersona[] {
  return personas.filter((persona) => persona.roles.length > 0);
}
