// One record as both standards see it: what happened, how it went, who, from where, to what, and where it is proved. FHIR and
// DICOM only write this down, each in its way. It reads what the log says and adds nothing to it.

import { machineIssuer } from '../../session/machine-session.ts';
import { indexRow } from '../index-row.ts';
import type { IndexedPerson, IndexRow } from '../index-row.ts';
import type { ReadRecord } from '../read-record.ts';
import { identityByToken } from './patient-identity.ts';
import type { IdentifyPatient, PatientIdentity } from './patient-identity.ts';
import { soundText } from './sound-text.ts';
import { meaningOf } from './event-meaning.ts';
import type { EventMeaning, Outcome } from './event-meaning.ts';

export type Access = 'read' | 'query' | 'create' | 'update' | 'delete' | 'execute';

export interface AuditMessage {
  readonly meaning: EventMeaning;
  /** What a request did; null for what is no request at the EHR. */
  readonly access: Access | null;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** Null: not known, because only the attempt is on record. */
  readonly outcome: Outcome | null;
  readonly outcomeText: string | null;
  readonly person: MessagePerson | null;
  readonly address: string | null;
  readonly device: string | null;
  readonly application: string | null;
  readonly request: string | null;
  /** Path, and the query as it was recorded. */
  readonly target: string | null;
  /** Method and target. */
  readonly requestLine: string | null;
  readonly patient: PatientIdentity | null;
  /** Whether an emergency access was open or opened. */
  readonly isEmergency: boolean;
  /** Names the log, and so the gateway that saw it. */
  readonly source: string;
  readonly sequence: number;
  readonly hash: string;
  /** What else the record says, by its key. */
  readonly details: readonly (readonly [string, string])[];
}

export interface MessagePerson extends IndexedPerson {
  readonly part: EventMeaning['person'];
  readonly isMachine: boolean;
  readonly roles: readonly string[];
}

const unknownOutcome = 'No outcome on record: whether the EHR answered is not known';

/** Keys that have a place of their own in both standards. */
const placed = new Set(
  'seq time prev hash subject roles address application method target patient request detail device'.split(' '),
);

/** Null for a record whose time cannot be read, which no gateway wrote. */
export function auditMessage(
  record: ReadRecord,
  source: string,
  identify: IdentifyPatient = identityByToken,
): AuditMessage | null {
  const row = indexRow(record);
  if (row === null) return null;
  const { application, address, request, target, patient, sequence, method } = row;
  const meaning = meaningOf(record.event, record.detail);
  return {
    meaning,
    access: meaning.id === '110110' ? accessOf(row) : null,
    time: new Date(row.time).toISOString(),
    outcome: outcomeOf(meaning, record, row),
    outcomeText: outcomeText(record, row),
    person: personOf(record, row.person, meaning),
    address: sound(address),
    device: sound(record.fields['device']),
    application: sound(application),
    request: sound(request),
    target: sound(target),
    requestLine: sound(target === null ? null : `${method ?? 'GET'} ${target}`),
    patient: patient === null ? null : soundIdentity(identify(patient)),
    isEmergency: row.grant !== null || record.event === 'break-glass',
    source,
    sequence,
    hash: record.hash,
    details: detailsOf(record),
  };
}

/** A read that names no patient and asks something is a query; what the gateway did not name is judged by its method. */
function accessOf({ action, method, patient, target }: IndexRow): Access {
  if (action === 'create' || action === 'update' || action === 'delete') return action;
  const isRead = action === 'read' || (action === null && (method === 'GET' || method === 'HEAD'));
  if (!isRead) return 'execute';
  return patient === null && target !== null && target.includes('?') ? 'query' : 'read';
}

function outcomeOf({ id, outcome }: EventMeaning, { event, fields }: ReadRecord, row: IndexRow): Outcome | null {
  const { decision, status } = row;
  if (event === 'attempt') return null;
  // It passed, because the rules were only observed.
  if (decision === 'observed' && event === 'refusal') return '0';
  if (id !== '110110') return decision === 'refused' && outcome === '0' ? '4' : outcome;
  if (status !== null && status >= 500) return '8';
  const wasCutShort = textOf(fields['reason']) !== null;
  return status === null || status >= 400 || wasCutShort ? '4' : '0';
}

function outcomeText({ event, fields, detail }: ReadRecord, { status }: IndexRow): string | null {
  const would = textOf(fields['wouldRefuse']);
  const words = [
    event === 'attempt' ? unknownOutcome : null,
    textOf(fields['reason']),
    would === null ? null : `would have been refused: ${would}`,
    status === null ? null : `status ${status}`,
    detail,
  ];
  const said = words.filter((word) => word !== null);
  return said.length === 0 ? null : said.join('; ');
}

function personOf({ fields }: ReadRecord, person: IndexedPerson | null, meaning: EventMeaning): MessagePerson | null {
  if (person === null) return null;
  const hasAsked = textOf(fields['address']) !== null || meaning.person !== 'actor';
  const roles = Array.isArray(fields['roles']) ? fields['roles'].flatMap((role) => sound(role) ?? []) : [];
  const isMachine = person.issuer === machineIssuer;
  return { ...person, part: hasAsked ? meaning.person : 'object', isMachine, roles };
}

function detailsOf({ fields }: ReadRecord): AuditMessage['details'] {
  return Object.entries(fields).flatMap(([key, value]) => {
    const text = sound(typeof value === 'number' ? String(value) : value);
    return placed.has(key) || text === null ? [] : [[key, text] as const];
  });
}

function soundIdentity({ value, system }: PatientIdentity): PatientIdentity | null {
  const text = soundText(value);
  return text === null ? null : { value: text, system };
}

function sound(value: unknown): string | null {
  const text = textOf(value);
  return text === null ? null : soundText(text);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
