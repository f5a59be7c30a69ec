// Enrols a known secret for a person, as the demo does for its personas. Real people go through the enrolment page, which
// proves that the secret arrived on their telephone.

import type { FactorStore } from '../identity-ports.ts';
import type { Clock, Sealer, Subject } from '../ports.ts';
import { personKey } from './person-key.ts';

export interface EnrolWithoutAskingNeeds {
  readonly factors: FactorStore;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

/** `secret` in base32. No code of any time step counts as used yet, and there are no recovery codes. */
export async function enrolWithoutAsking(
  needs: EnrolWithoutAskingNeeds,
  person: Pick<Subject, 'issuer' | 'sub'>,
  secret: string,
): Promise<void> {
  const sealed = needs.sealer.seal('totp', personKey(person), secret);
  await needs.factors.enrolTotp(person.issuer, person.sub, sealed, -1, needs.clock.now(), []);
}
