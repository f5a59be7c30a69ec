// What a person has set up with us as a second factor. Whoever has nothing here confirms at the provider, or enrols.

import type { TotpEnrolment } from '../identity-ports.ts';
import type { Passkey } from '../passkey-ports.ts';
import type { Subject } from '../ports.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

export interface EnrolledFactors {
  readonly totp: TotpEnrolment | null;
  readonly passkeys: readonly Passkey[];
  /** Whether anything is set up at all; an enrolment is only for whoever has nothing. */
  readonly any: boolean;
}

export async function enrolledFactors(
  { factors, passkeys }: Pick<SignInNeeds, 'factors' | 'passkeys'>,
  { issuer, sub }: Pick<Subject, 'issuer' | 'sub'>,
): Promise<EnrolledFactors> {
  const [totp, theirs] = await Promise.all([factors.totp(issuer, sub), passkeys.list(issuer, sub)]);
  return { totp, passkeys: theirs, any: totp !== null || theirs.length > 0 };
}
