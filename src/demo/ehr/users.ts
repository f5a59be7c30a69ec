// The EHR's own users and their passwords, which is what a legacy application has: a table beside the clinic's directory.
// The passwords are the demo's and protect nothing.

import { staff } from '../staff.ts';
import type { StaffMember } from '../staff.ts';

export type EhrUser = StaffMember;

/** Stands for "the gateway's account" where an installation signs on with one account for everybody. */
const serviceAccount: EhrUser = { name: 'wardgate', displayName: 'Wardgate service account', title: 'Service account' };

export const ehrUsers: readonly EhrUser[] = [
  ...Object.values(staff).filter((member) => member.name !== staff.visitor.name),
  serviceAccount,
];

/** The user with exactly this name, or null. */
export function findUser(name: string): EhrUser | null {
  return ehrUsers.find((user) => user.name === name) ?? null;
}

/** The user whose password this is, or null. */
export function checkPassword(name: string, password: string): EhrUser | null {
  return password === `meadow-${name}` ? findUser(name) : null;
}
