// What the search index keeps of one record: the fields somebody may ask by or wants to see in a list. The log stays the
// evidence; a row only says where in it to look, and is made anew from it at any time.

import { machineIssuer } from '../session/machine-session.ts';
import type { ReadRecord } from './read-record.ts';

/** One record, or the attempt and the outcome of one request together. Times are epoch milliseconds; null: not said. */
export interface IndexRow {
  /** Number of the record that began it. */
  readonly sequence: number;
  readonly time: number;
  readonly event: string;
  readonly request: string | null;
  readonly person: IndexedPerson | null;
  /** Our names of their roles, in the order of the record, between commas. */
  readonly roles: string | null;
  readonly session: string | null;
  readonly factor: string | null;
  readonly device: string | null;
  readonly address: string | null;
  readonly application: string | null;
  readonly method: string | null;
  readonly target: string | null;
  readonly patient: string | null;
  readonly patientSource: string | null;
  readonly category: string | null;
  readonly action: string | null;
  /** How a reply was known for a download, or was turned away or cut as if it were one. */
  readonly download: string | null;
  readonly pace: string | null;
  readonly rule: string | null;
  readonly decision: string | null;
  /** Why not, or how it was cut short; in observation, why it would have been refused. */
  readonly reason: string | null;
  readonly status: number | null;
  readonly bytesIn: number | null;
  readonly bytesOut: number | null;
  readonly durationMilliseconds: number | null;
  readonly grant: string | null;
  readonly detail: string | null;
}

/** Of a machine, the issuer is `machineIssuer` and `sub` its name. */
export interface IndexedPerson {
  readonly issuer: string;
  readonly sub: string;
  readonly name: string;
}

/** The row of a record; null for one whose time cannot be read, which no gateway wrote. */
export function indexRow({ sequence, event, detail, fields }: ReadRecord): IndexRow | null {
  const time = Date.parse(text(fields['time']) ?? '');
  if (Number.isNaN(time)) return null;
  return {
    sequence,
    time,
    event,
    request: text(fields['request']),
    person: personOf(fields['subject']),
    roles: rolesOf(fields['roles']),
    session: text(fields['session']),
    factor: text(fields['factor']),
    device: text(fields['device']),
    address: text(fields['address']),
    application: text(fields['application']),
    method: text(fields['method']),
    target: text(fields['target']),
    patient: text(fields['patient']),
    patientSource: text(fields['patientSource']),
    category: text(fields['category']),
    action: text(fields['action']),
    download: text(fields['download']),
    pace: text(fields['pace']),
    rule: text(fields['rule']),
    decision: text(fields['decision']),
    reason: text(fields['wouldRefuse']) ?? text(fields['reason']),
    status: count(fields['status']),
    bytesIn: count(fields['bytesIn']),
    bytesOut: count(fields['bytesOut']),
    durationMilliseconds: count(fields['durationMilliseconds']),
    grant: text(fields['grant']),
    detail,
  };
}

function personOf(subject: unknown): IndexedPerson | null {
  if (typeof subject !== 'object' || subject === null) return null;
  const { issuer, sub, name, machine } = { issuer: null, sub: null, name: null, machine: null, ...subject };
  if (typeof machine === 'string') return { issuer: machineIssuer, sub: machine, name: machine };
  if (typeof issuer !== 'string' || typeof sub !== 'string') return null;
  return { issuer, sub, name: text(name) ?? '' };
}

function rolesOf(roles: unknown): string | null {
  return Array.isArray(roles) && roles.length > 0 ? roles.map(String).join(', ') : null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
}
