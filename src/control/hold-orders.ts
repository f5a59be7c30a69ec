// `audit hold add`, `audit hold release` and `audit hold list`: records that are kept however old they grow, for a court or an
// investigation. Placing and releasing leave records of their own behind the order's.

import { holdDays, isHoldName } from '../core/audit/hold.ts';
import type { GivenOrder } from '../core/control/read-order.ts';
import { hideIds } from '../core/patients/hide-ids.ts';
import type { TokenOf } from '../core/patients/hide-ids.ts';
import type { Order, OrderPlan, OrderResult } from '../control-ports.ts';
import type { Holds } from '../retention-ports.ts';

export interface HoldOrdersNeeds {
  readonly holds: Holds;
  /** What stands in a record in the place of an id. */
  readonly recordedToken: TokenOf;
}

const unreadable =
  'The holds cannot be read, or are just being made from the record, so nothing is changed and nothing is let go; try again in a minute';
const day = /^\d{4}-\d{2}-\d{2}$/;

export function holdOrders({ holds, recordedToken }: HoldOrdersNeeds): readonly Order[] {
  return [addHold(holds, recordedToken), releaseHold(holds, recordedToken), listHolds(holds)];
}

function addHold(holds: Holds, tokenOf: TokenOf): Order {
  return {
    name: 'audit hold-add',
    fields: ['name'],
    mayHave: ['from', 'to'],
    needsReason: true,
    plan: async (given) => Promise.resolve(planAdd(holds, given, tokenOf)),
  };
}

function planAdd(holds: Holds, { fields, by, because }: GivenOrder, tokenOf: TokenOf): OrderPlan {
  const [name = '', from = null, to = null] = [fields.get('name'), fields.get('from'), fields.get('to')];
  const known = holds.list();
  if (known === null) return no(unreadable);
  if (!isHoldName(name)) return no(`"${name}" is no name of a hold: letters, digits, point, dash and underscore, 60 at most`);
  if ([from, to].some((date) => date !== null && (!day.test(date) || Number.isNaN(Date.parse(date)))))
    return no('A day of a hold is written as 2026-11-23');
  if (from !== null && to !== null && from > to) return no('The hold ends before it begins');
  if (known.some((hold) => hold.name === name)) return no(`There is a hold "${name}" already; release it first`);
  const hold = { name, from, to, by: `operating-system user "${by}"`, because: hideIds(because ?? '', tokenOf) };
  return planned(`"${name}" ${holdDays(hold)}`.trim(), () => holds.add(hold), { name, from, to });
}

function releaseHold(holds: Holds, tokenOf: TokenOf): Order {
  return {
    name: 'audit hold-release',
    fields: ['name'],
    needsReason: true,
    plan: async ({ fields, by, because }) => {
      const [name = '', known] = [fields.get('name'), holds.list()];
      if (known === null) return Promise.resolve(no(unreadable));
      if (!known.some((hold) => hold.name === name)) return Promise.resolve(no(`There is no hold "${name}"`));
      const release = () => holds.release(name, `operating-system user "${by}"`, hideIds(because ?? '', tokenOf));
      return Promise.resolve(planned(`"${name}"`, release, { name }));
    },
  };
}

function listHolds(holds: Holds): Order {
  return {
    name: 'audit hold-list',
    fields: [],
    needsReason: false,
    plan: async () => {
      const known = holds.list();
      if (known === null) return Promise.resolve(no(unreadable));
      return Promise.resolve(planned('', () => Promise.resolve(), { holds: known }));
    },
  };
}

function planned(detail: string, act: () => Promise<void>, told: Readonly<Record<string, unknown>>): OrderPlan {
  const carryOut = async (): Promise<OrderResult> => {
    await act();
    return { done: true, told };
  };
  return { planned: true, subject: null, ...(detail === '' ? {} : { detail }), carryOut };
}

function no(why: string): OrderPlan {
  return { planned: false, why };
}
