// Who took part, as active participants of a DICOM audit message: the person, or the client where nobody is known, and the other
// end, which is the EHR of a request and else the gateway.

import { readDisclosureNote } from '../../disclosures/disclosure-note.ts';
import type { Access, AuditMessage, MessagePerson } from '../message/audit-message.ts';
import type { DicomCode } from '../message/event-meaning.ts';
import { code, dicomCode, element } from './codes.ts';

interface Direction {
  readonly person: DicomCode;
  readonly ehr: DicomCode;
}

export function participantsOf(message: AuditMessage): string {
  const { access, person, address, source, application } = message;
  const direction = access === null ? null : directionOf(access);
  const isPresent = person !== null && person.part !== 'object';
  const asks = isPresent ? person.part === 'actor' : address !== null;
  const near = isPresent ? personParticipant(person, message, direction) : clientParticipant(message, direction);
  const far = direction === null ? source : (application ?? 'unknown');
  const isDisclosure = message.meaning.id === '110106';
  const from = dicomCode('RoleIDCode', '110153');
  const role = direction === null ? '' : dicomCode('RoleIDCode', direction.ehr);
  const end = element('ActiveParticipant', { UserID: far, UserIsRequestor: String(!asks) }, isDisclosure ? from : role);
  return near + end + (isDisclosure ? recipient(message) : '');
}

/** Whoever a disclosure went to, by the number under which the name lies sealed. */
function recipient({ outcomeText }: AuditMessage): string {
  const number = readDisclosureNote(outcomeText ?? '')?.id;
  const attributes = {
    UserID: number === undefined ? 'recipient on record' : `recipient of disclosure ${number}`,
    UserIsRequestor: 'false',
  };
  return element('ActiveParticipant', attributes, dicomCode('RoleIDCode', '110152'));
}

function personParticipant(person: MessagePerson, { address }: AuditMessage, direction: Direction | null): string {
  const { issuer, sub, name, roles, part } = person;
  const attributes = {
    UserID: sub,
    AlternativeUserID: issuer,
    UserName: name,
    UserIsRequestor: String(part === 'actor'),
    ...point(address),
  };
  const own = roles.map((role) => code('RoleIDCode', role, 'Wardgate', role));
  return element('ActiveParticipant', attributes, [ofDirection(direction), ...own].join(''));
}

function clientParticipant({ address, device }: AuditMessage, direction: Direction | null): string {
  if (address === null) return '';
  const attributes = { UserID: device ?? address, UserIsRequestor: 'true', ...point(address) };
  return element('ActiveParticipant', attributes, ofDirection(direction));
}

/** What is read flows to the person; all else flows, or is asked, towards the EHR. */
function directionOf(done: Access): Direction {
  return done === 'read' ? { person: '110152', ehr: '110153' } : { person: '110153', ehr: '110152' };
}

function ofDirection(direction: Direction | null): string {
  return direction === null ? '' : dicomCode('RoleIDCode', direction.person);
}

function point(address: string | null): Readonly<Record<string, string | null>> {
  return { NetworkAccessPointID: address, NetworkAccessPointTypeCode: address === null ? null : '2' };
}
