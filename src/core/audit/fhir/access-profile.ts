// What a request is in FHIR, and which profile of IHE BALP its event may claim. The direction decides who is the source and who
// the destination: what is read flows from the EHR to the person, what is written or asked flows to it.

import type { Access, AuditMessage } from '../message/audit-message.ts';
import { coding, dicomCoding, systems } from './codes.ts';
import type { FhirObject } from './codes.ts';

const base = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.';

export interface AccessProfile {
  /** Null where BALP has none. */
  readonly profile: 'Read' | 'Query' | 'Create' | 'Update' | 'Delete' | null;
  readonly interaction: string;
  readonly action: string;
  readonly client: FhirObject;
  readonly server: FhirObject;
  readonly user: FhirObject;
}

const source = dicomCoding('110153');
const destination = dicomCoding('110152');
const recipient = coding(systems.participation, 'IRCP', 'information recipient');
const author = coding(systems.participation, 'AUT', 'author (originator)');
const toEhr = { client: source, server: destination, user: author } as const;

export const accessProfiles: Readonly<Record<Access, AccessProfile>> = {
  read: { profile: 'Read', interaction: 'read', action: 'R', client: destination, server: source, user: recipient },
  query: { ...toEhr, profile: 'Query', interaction: 'search', action: 'E', user: recipient },
  create: { ...toEhr, profile: 'Create', interaction: 'create', action: 'C' },
  update: { ...toEhr, profile: 'Update', interaction: 'update', action: 'U' },
  delete: {
    profile: 'Delete',
    interaction: 'delete',
    action: 'D',
    client: dicomCoding('110150'),
    server: coding(systems.provenance, 'custodian', 'Custodian'),
    user: author,
  },
  execute: { ...toEhr, profile: null, interaction: 'operation', action: 'E' },
};

/** The profile's address; null where the event lacks what it asks for. A failure never claims one. */
export function claimedProfile(message: AuditMessage, { profile }: AccessProfile): string | null {
  const { outcome, person, address, application, requestLine, patient } = message;
  if (profile === null || outcome !== '0' || person?.part !== 'actor') return null;
  if (address === null || application === null || requestLine === null) return null;
  return `${base}${patient === null ? '' : 'Patient'}${profile}`;
}
