// Takes away everything by which a person has proved who they are beyond the password. Whoever keeps something of that kind
// registers a holder in `compose/order-desk.ts`; a reset and a leaving then reach it.

import type { Subject } from '../core/session/session.ts';
import { recordDurably } from './record-durably.ts';
import type { RecordDurablyNeeds } from './record-durably.ts';

export interface FactorHolder {
  /** As the record says it: `passkeys`. */
  readonly what: string;
  /** Removes what is kept of this person and says how many there were. */
  readonly forget: (person: Pick<Subject, 'issuer' | 'sub'>) => Promise<number>;
}

export interface ForgetFactorsNeeds extends RecordDurablyNeeds {
  readonly factorHolders: readonly FactorHolder[];
}

/** What there was, each kind with its number. Each is on record once it is gone; the order itself was before. */
export async function forgetFactors(
  needs: ForgetFactorsNeeds,
  person: Pick<Subject, 'issuer' | 'sub' | 'name'>,
  why: string,
): Promise<Readonly<Record<string, number>>> {
  const gone: Record<string, number> = {};
  for (const { what, forget } of needs.factorHolders) {
    const count = await forget(person);
    gone[what] = count;
    if (count === 0) continue;
    const { issuer, sub, name } = person;
    const detail = `${what}: ${count}, ${why}`;
    await recordDurably(needs, 'factor-removed', { subject: { issuer, sub, name }, decision: 'allowed', detail });
  }
  return gone;
}
