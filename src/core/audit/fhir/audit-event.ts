// One record as a FHIR R4 AuditEvent. A request that went well claims its profile of IHE BALP; what failed, and what BALP does not
// know, is an event of the base resource with the codes of DICOM.

import type { AuditMessage } from '../message/audit-message.ts';
import { accessProfiles, claimedProfile } from './access-profile.ts';
import { accessAgents, otherAgents } from './agents.ts';
import { coding, dicomCoding, said, systems } from './codes.ts';
import type { FhirObject } from './codes.ts';
import { disclosureAgents, disclosureKind, isDisclosure } from './disclosure.ts';
import { entitiesOf } from './entities.ts';

const emergency = [
  { coding: [coding(systems.purpose, 'BTG', 'break the glass')] },
  { coding: [coding(systems.purpose, 'ETREAT', 'Emergency Treatment')] },
] as const;

export function auditEvent(message: AuditMessage): FhirObject {
  const { time, outcome, outcomeText, isEmergency, source, access } = message;
  return said({
    resourceType: 'AuditEvent',
    ...kindOf(message),
    recorded: time,
    outcome,
    outcomeDesc: outcomeText,
    purposeOfEvent: isEmergency ? emergency : [],
    agent: agentsOf(message),
    source: { observer: { display: source }, type: [sourceType(access !== null)] },
    entity: entitiesOf(message),
  });
}

function agentsOf(message: AuditMessage): FhirObject[] {
  if (isDisclosure(message)) return disclosureAgents(message);
  const { access } = message;
  return access === null ? otherAgents(message) : accessAgents(message, accessProfiles[access]);
}

function kindOf(message: AuditMessage): FhirObject {
  const { access, meaning } = message;
  if (isDisclosure(message)) return disclosureKind(message);
  if (access !== null) {
    const profile = accessProfiles[access];
    const claimed = claimedProfile(message, profile);
    return {
      meta: claimed === null ? null : { profile: [claimed] },
      type: coding(systems.eventType, 'rest', 'Restful Operation'),
      subtype: [coding(systems.interaction, profile.interaction, profile.interaction)],
      action: profile.action,
    };
  }
  return {
    type: dicomCoding(meaning.id),
    subtype: meaning.type === null ? [] : [dicomCoding(meaning.type)],
    action: meaning.id === '110101' ? 'R' : 'E',
  };
}

function sourceType(isAccess: boolean): FhirObject {
  return isAccess ? coding(systems.sourceType, '3', 'Web Server') : coding(systems.sourceType, '6', 'Security Server');
}
