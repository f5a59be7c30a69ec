// Every order that the running gateway takes from a command.

import type { Order } from '../control-ports.ts';
import { listPeople } from './list-people.ts';
import type { ListPeopleNeeds } from './list-people.ts';
import { searchAudit } from './search-audit.ts';

export type OrderNeeds = ListPeopleNeeds;

export function orders(needs: OrderNeeds): readonly Order[] {
  return [listPeople(needs), searchAudit()];
}
