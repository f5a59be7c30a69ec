// Where somebody may set up their first factor: whoever has only the password must not be able to do so from anywhere. Where
// IT names no zone, the addresses of a house count as the clinic, and the internet does not.

import { isPrivateAddress } from '../core/network/is-private-address.ts';
import type { OwnPageContext } from '../ports.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

export function mayEnrolFrom(
  { settings }: Pick<SignInNeeds, 'settings'>,
  { zones, address }: Pick<OwnPageContext, 'zones' | 'address'>,
): boolean {
  const { enrolFrom } = settings.secondFactor;
  if (enrolFrom === null) return isPrivateAddress(address);
  // No zone can be called "nowhere".
  return enrolFrom === 'anywhere' || zones.includes(enrolFrom);
}
