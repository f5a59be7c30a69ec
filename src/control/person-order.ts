// The common start of every order about one person: finds them by the field `person`, or says why that is nobody.

import type { Order, OrderPlan, OrderResult } from '../control-ports.ts';
import type { GivenOrder } from '../core/control/read-order.ts';
import { findKnownPerson } from './find-known-person.ts';
import type { FindKnownPersonNeeds, NamedPerson } from './find-known-person.ts';

export interface PersonOrder {
  readonly name: string;
  readonly mayHave?: readonly string[];
  readonly needsReason: boolean;
  /** What is wrong with the fields beside the person; null where nothing is. */
  readonly misfit?: (given: GivenOrder) => string | null;
  readonly carryOut: (person: NamedPerson, given: GivenOrder) => Promise<OrderResult>;
}

export function personOrder(needs: FindKnownPersonNeeds, order: PersonOrder): Order {
  const { name, mayHave = [], needsReason, misfit, carryOut } = order;
  const plan = async (given: GivenOrder): Promise<OrderPlan> => {
    const wrong = misfit?.(given) ?? null;
    if (wrong !== null) return { planned: false, why: wrong };
    const found = await findKnownPerson(needs, given.fields.get('person') ?? '');
    if (found.found !== 'one') return { planned: false, why: found.why };
    const { issuer, sub, name: login } = found.person;
    return { planned: true, subject: { issuer, sub, name: login }, carryOut: async () => carryOut(found.person, given) };
  };
  return { name, fields: ['person'], mayHave, needsReason, plan };
}
