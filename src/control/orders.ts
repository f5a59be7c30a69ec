// Every order that the running gateway takes from a command.

import type { Order } from '../control-ports.ts';
import { caseOrders } from './case-orders.ts';
import type { CaseOrdersNeeds } from './case-orders.ts';
import { claimChange } from './claim-change.ts';
import type { ClaimChangeNeeds } from './claim-change.ts';
import { addDisclosure, withdrawDisclosure } from './add-disclosure.ts';
import type { AddDisclosureNeeds } from './add-disclosure.ts';
import { giveEmergencyCodes } from './give-emergency-codes.ts';
import type { GiveEmergencyCodesNeeds } from './give-emergency-codes.ts';
import { importPatients } from './import-patients.ts';
import type { ImportPatientsNeeds } from './import-patients.ts';
import { importRelations } from './import-relations.ts';
import type { ImportRelationsNeeds } from './import-relations.ts';
import { holdOrders } from './hold-orders.ts';
import type { HoldOrdersNeeds } from './hold-orders.ts';
import { issueEnrolCode } from './issue-enrol-code.ts';
import type { IssueEnrolCodeNeeds } from './issue-enrol-code.ts';
import { listPeople } from './list-people.ts';
import type { ListPeopleNeeds } from './list-people.ts';
import { listSessions } from './list-sessions.ts';
import type { ListSessionsNeeds } from './list-sessions.ts';
import { orderSessionEnd } from './order-session-end.ts';
import type { OrderSessionEndNeeds } from './order-session-end.ts';
import { recertifyOrders } from './recertify.ts';
import type { RecertifyNeeds } from './recertify.ts';
import { reviewOrders } from './review-orders.ts';
import type { ReviewOrdersNeeds } from './review-orders.ts';
import { resetFactor } from './reset-factor.ts';
import type { ResetFactorNeeds } from './reset-factor.ts';
import { showPerson } from './show-person.ts';
import type { ShowPersonNeeds } from './show-person.ts';
import { liftSuspension, listHeldBack, suspendDisclosures } from './suspend-disclosures.ts';
import type { SuspendDisclosuresNeeds } from './suspend-disclosures.ts';
import { searchAudit } from './search-audit.ts';
import { readmit, releaseName, userEnd } from './user-end.ts';
import type { UserEndNeeds } from './user-end.ts';

export type OrderNeeds = ListPeopleNeeds &
  ShowPersonNeeds &
  IssueEnrolCodeNeeds &
  ResetFactorNeeds &
  UserEndNeeds &
  GiveEmergencyCodesNeeds &
  ListSessionsNeeds &
  ImportPatientsNeeds &
  ImportRelationsNeeds &
  OrderSessionEndNeeds &
  ClaimChangeNeeds &
  RecertifyNeeds &
  ReviewOrdersNeeds &
  CaseOrdersNeeds &
  AddDisclosureNeeds &
  SuspendDisclosuresNeeds &
  HoldOrdersNeeds;

export function orders(needs: OrderNeeds): readonly Order[] {
  return [
    listPeople(needs),
    showPerson(needs),
    issueEnrolCode(needs),
    resetFactor(needs),
    userEnd(needs),
    readmit(needs),
    releaseName(needs),
    giveEmergencyCodes(needs),
    listSessions(needs),
    orderSessionEnd(needs),
    claimChange(needs),
    ...recertifyOrders(needs),
    ...reviewOrders(needs),
    ...caseOrders(needs),
    addDisclosure(needs),
    withdrawDisclosure(needs),
    suspendDisclosures(needs),
    listHeldBack(needs),
    liftSuspension(needs),
    ...holdOrders(needs),
    searchAudit('audit search'),
    searchAudit('audit reconcile'),
    searchAudit('report'),
    searchAudit('patients show'),
    importPatients(needs),
    importRelations(needs),
  ];
}
