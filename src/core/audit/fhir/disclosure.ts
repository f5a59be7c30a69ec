// A disclosure outside treatment, payment and operations, as IHE BALP's profile PrivacyDisclosure.Source has it: an export, from the
// gateway that saw it to a recipient whose name lies sealed, by the person who told of it.

import { readDisclosureNote } from '../../disclosures/disclosure-note.ts';
import type { AuditMessage } from '../message/audit-message.ts';
import { personAgent } from './agents.ts';
import { coding, dicomCoding, said, systems } from './codes.ts';
import type { FhirObject } from './codes.ts';

const profile = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PrivacyDisclosure.Source';

export function isDisclosure({ meaning }: AuditMessage): boolean {
  return meaning.id === '110106';
}

/** Without a patient, or refused, it claims no profile. */
export function disclosureKind({ outcome, patient }: AuditMessage): FhirObject {
  return {
    meta: outcome === '0' && patient !== null ? { profile: [profile] } : null,
    type: dicomCoding('110106'),
    subtype: [coding(systems.lifecycle, 'disclose', 'Disclose')],
    action: 'R',
  };
}

/** The source is the observer, as the profile wants it; the recipient is named by the number under which the name lies. */
export function disclosureAgents({ person, source, outcomeText }: AuditMessage): FhirObject[] {
  const isActor = person?.part === 'actor';
  const human = coding(systems.securityRole, 'humanuser', 'human user');
  const number = readDisclosureNote(outcomeText ?? '')?.id;
  const display = number === undefined ? 'Recipient on record' : `Recipient of disclosure ${number}`;
  return [
    said({ type: { coding: [dicomCoding('110153')] }, who: { display: source }, requestor: !isActor }),
    said({ type: { coding: [dicomCoding('110152')] }, who: { display }, requestor: false }),
    ...(person === null ? [] : [personAgent(person, person.isMachine ? dicomCoding('110150') : human, isActor, null)]),
  ];
}
