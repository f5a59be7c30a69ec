// A record of the log as the detectors see it: what the search index keeps of it, of people alone, and the clinic's clock.

import { indexRow } from '../audit/index-row.ts';
import type { ReadRecord } from '../audit/read-record.ts';
import { personKey } from '../downloads/person-key.ts';
import { machineIssuer } from '../session/machine-session.ts';
import type { LocalMoment, Seen } from './seen.ts';

/** Null for one whose time cannot be read, which no gateway wrote. A machine is nobody here. */
export function readSeen(record: ReadRecord, localOf: (time: number) => LocalMoment): Seen | null {
  const row = indexRow(record);
  if (row === null) return null;
  const { sequence, time, event, person, roles, session, device, address, patient, reason, bytesOut, detail } = row;
  const { category, action, download } = row;
  const { activity, agent } = record.fields;
  const isPerson = person !== null && person.issuer !== machineIssuer;
  return {
    sequence,
    time,
    local: localOf(time),
    event,
    person: isPerson ? { ...person, key: personKey(person) } : null,
    roles,
    session,
    agent: typeof agent === 'string' ? agent : null,
    category,
    action,
    download,
    device,
    address,
    patient,
    reason,
    activity: typeof activity === 'string' ? activity : null,
    bytesOut,
    detail,
  };
}
