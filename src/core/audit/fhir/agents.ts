// Who took part, as FHIR agents. In a request the client, the EHR and the person, so that the network address stands with the
// client; in everything else the person with their address, and the gateway.

import type { AuditMessage, MessagePerson } from '../message/audit-message.ts';
import type { AccessProfile } from './access-profile.ts';
import { coding, dicomCoding, said, systems } from './codes.ts';
import type { FhirObject } from './codes.ts';

const machineSystem = 'urn:wardgate:machine';

export function accessAgents(message: AuditMessage, { client, server, user }: AccessProfile): FhirObject[] {
  const { address, device, application, person } = message;
  const isNamed = person?.part === 'actor';
  const browser = {
    type: { coding: [client] },
    who: { display: device ?? address ?? 'unknown' },
    requestor: !isNamed,
    network: network(address),
  };
  const name = application ?? 'unknown';
  const ehr = {
    type: { coding: [server] },
    who: said({ display: name }),
    requestor: false,
    // The records name an EHR as the configuration does; its address is no part of them.
    network: said({ address: name, type: '1' }),
  };
  return [said(browser), said(ehr), ...(isNamed ? [personAgent(person, user, true, null)] : [])];
}

export function otherAgents({ person, address, source, device }: AuditMessage): FhirObject[] {
  const isActor = person?.part === 'actor';
  const isStranger = person === null && address !== null;
  const gateway = {
    type: { coding: [dicomCoding('110150')] },
    who: { display: source },
    requestor: !isActor && !isStranger,
  };
  const human = coding(systems.securityRole, 'humanuser', 'human user');
  const from = network(address);
  if (isStranger) return [said({ who: { display: device ?? address }, requestor: true, network: from }), said(gateway)];
  if (person === null || person.part === 'object') return [said(gateway)];
  const type = person.isMachine ? dicomCoding('110150') : human;
  return [personAgent(person, type, isActor, from), said(gateway)];
}

/** What names a person at their provider, or a machine here: a system must be a whole address, of which ours is a name. */
export function personIdentity({ issuer, sub, isMachine }: MessagePerson): FhirObject {
  return said({ system: isMachine ? machineSystem : issuer, value: sub });
}

export function personAgent(person: MessagePerson, type: FhirObject, requestor: boolean, from: FhirObject | null): FhirObject {
  const { name, roles } = person;
  return said({
    type: { coding: [type] },
    role: roles.map((text) => said({ text })),
    who: said({ identifier: personIdentity(person), display: name }),
    altId: name,
    name,
    requestor,
    network: from,
  });
}

function network(address: string | null): FhirObject | null {
  return address === null ? null : said({ address, type: '2' });
}
