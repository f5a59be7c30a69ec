// Every order that the running gateway takes from a command.

import type { Order } from '../control-ports.ts';
import { endSessions } from './end-sessions.ts';
import type { EndSessionsNeeds } from './end-sessions.ts';
import { listPeople } from './list-people.ts';
import type { ListPeopleNeeds } from './list-people.ts';
import { listSessions } from './list-sessions.ts';
import type { ListSessionsNeeds } from './list-sessions.ts';
import { searchAudit } from './search-audit.ts';

export type OrderNeeds = ListPeopleNeeds & ListSessionsNeeds & EndSessionsNeeds;

export function orders(needs: OrderNeeds): readonly Order[] {
  return [listPeople(needs), listSessions(needs), endSessions(needs), searchAudit()];
}
