// A record of the log as the detectors see it. Null for one whose time cannot be read, which no gateway wrote.

import type { ReadRecord } from '../audit/read-record.ts';
import { personKey } from '../downloads/person-key.ts';
import type { LocalMoment, Seen, SeenPerson } from './seen.ts';

export function readSeen({ sequence, event, detail, fields }: ReadRecord, localOf: (time: number) => LocalMoment): Seen | null {
  const time = Date.parse(text(fields['time']) ?? '');
  if (Number.isNaN(time)) return null;
  const { bytesOut } = fields;
  return {
    sequence,
    time,
    local: localOf(time),
    event,
    person: personOf(fields['subject']),
    session: text(fields['session']),
    device: text(fields['device']),
    address: text(fields['address']),
    patient: text(fields['patient']),
    reason: text(fields['reason']),
    activity: text(fields['activity']),
    bytesOut: typeof bytesOut === 'number' ? bytesOut : null,
    detail,
  };
}

/** A machine has no issuer, and is none. */
function personOf(subject: unknown): SeenPerson | null {
  if (typeof subject !== 'object' || subject === null) return null;
  const { issuer, sub, name } = { issuer: null, sub: null, name: null, ...subject };
  if (typeof issuer !== 'string' || typeof sub !== 'string') return null;
  return { issuer, sub, name: text(name) ?? '', key: personKey({ issuer, sub }) };
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
