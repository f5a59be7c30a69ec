// `user list`: everybody of whom the gateway knows anything, with their last sign-in.

import type { Order } from '../control-ports.ts';
import type { PeopleRegister } from '../people-ports.ts';
import { isoTime } from './iso-time.ts';

export interface ListPeopleNeeds {
  readonly people: PeopleRegister;
}

export function listPeople({ people }: ListPeopleNeeds): Order {
  return {
    name: 'user list',
    fields: [],
    needsReason: false,
    plan: async () => {
      const carryOut = async () => {
        const all = await people.all();
        return {
          done: true,
          told: { people: all.map((one) => ({ ...one, seenAt: isoTime(one.seenAt), leftAt: isoTime(one.leftAt) })) },
        } as const;
      };
      return Promise.resolve({ planned: true, subject: null, carryOut });
    },
  };
}
