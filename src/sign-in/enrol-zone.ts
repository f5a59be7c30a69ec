// Where somebody may set up their first factor: whoever has only the password must not be able to do so from anywhere.

import type { OwnPageContext } from '../ports.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

export function mayEnrolFrom({ settings }: Pick<SignInNeeds, 'settings'>, { zones }: Pick<OwnPageContext, 'zones'>): boolean {
  const { enrolFrom } = settings.secondFactor;
  return enrolFrom === null || zones.includes(enrolFrom);
}
