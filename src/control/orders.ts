// Every order that the running gateway takes from a command.

import type { Order } from '../control-ports.ts';
import { giveEmergencyCodes } from './give-emergency-codes.ts';
import type { GiveEmergencyCodesNeeds } from './give-emergency-codes.ts';
import { holdOrders } from './hold-orders.ts';
import type { HoldOrdersNeeds } from './hold-orders.ts';
import { issueEnrolCode } from './issue-enrol-code.ts';
import type { IssueEnrolCodeNeeds } from './issue-enrol-code.ts';
import { listPeople } from './list-people.ts';
import type { ListPeopleNeeds } from './list-people.ts';
import { listSessions } from './list-sessions.ts';
import type { ListSessionsNeeds } from './list-sessions.ts';
import { offboard, readmit } from './offboard.ts';
import type { OffboardNeeds } from './offboard.ts';
import { orderSessionEnd } from './order-session-end.ts';
import type { OrderSessionEndNeeds } from './order-session-end.ts';
import { resetFactor } from './reset-factor.ts';
import type { ResetFactorNeeds } from './reset-factor.ts';
import { showPerson } from './show-person.ts';
import type { ShowPersonNeeds } from './show-person.ts';
import { searchAudit } from './search-audit.ts';

export type OrderNeeds = ListPeopleNeeds &
  ShowPersonNeeds &
  IssueEnrolCodeNeeds &
  ResetFactorNeeds &
  OffboardNeeds &
  GiveEmergencyCodesNeeds &
  ListSessionsNeeds &
  OrderSessionEndNeeds &
  HoldOrdersNeeds;

export function orders(needs: OrderNeeds): readonly Order[] {
  return [
    listPeople(needs),
    showPerson(needs),
    issueEnrolCode(needs),
    resetFactor(needs),
    offboard(needs),
    readmit(needs),
    giveEmergencyCodes(needs),
    listSessions(needs),
    orderSessionEnd(needs),
    ...holdOrders(needs),
    searchAudit('audit search'),
    searchAudit('audit reconcile'),
    searchAudit('report'),
  ];
}
