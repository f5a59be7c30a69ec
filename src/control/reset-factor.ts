// `user reset-factor`: takes away every second factor of a person who has lost theirs, and ends their sessions. They set up
// another at their next sign-in, by the same rules as a newcomer.

import type { Order } from '../control-ports.ts';
import type { FactorNotices } from '../people-ports.ts';
import { endSessions } from './end-sessions.ts';
import type { EndSessionsNeeds } from './end-sessions.ts';
import type { FindKnownPersonNeeds } from './find-known-person.ts';
import { forgetFactors } from './forget-factors.ts';
import type { ForgetFactorsNeeds } from './forget-factors.ts';
import { personOrder } from './person-order.ts';

export interface ResetFactorNeeds extends FindKnownPersonNeeds, EndSessionsNeeds, ForgetFactorsNeeds {
  readonly factorNotices: Pick<FactorNotices, 'tell'>;
}

const why = 'IT has reset the second factor';

export function resetFactor(needs: ResetFactorNeeds): Order {
  return personOrder(needs, {
    name: 'user reset-factor',
    needsReason: true,
    carryOut: async (person) => {
      let sessions = await endSessions(needs, person, why);
      const removed = { ...(await forgetFactors(needs, person, why)) };
      // Whoever signed in with the old factor in between has another go taken away as well.
      const meanwhile = await endSessions(needs, person, why);
      if (meanwhile > 0)
        for (const [what, count] of Object.entries(await forgetFactors(needs, person, why)))
          removed[what] = (removed[what] ?? 0) + count;
      sessions += meanwhile;
      await needs.factorNotices.tell(person, { kind: 'reset-by-it', name: null }, needs.clock.now());
      return { done: true, told: { name: person.name, sessions, removed } };
    },
  });
}
