// What a record of ours says to whoever compares it with an EHR's log: something was sent on, that it ended, that the gateway
// itself was at work there, or only how far the record has come.

import type { ReadRecord } from '../read-record.ts';
import { comparedTarget, decodedPath } from './compared-target.ts';
import type { LogFormat, ShownAddress } from './ehr-request.ts';

/** A request that was sent on, or was about to be. Times are epoch milliseconds; `end` is null as long as it is not known. */
export interface Asked {
  readonly is: 'asked';
  readonly time: number;
  readonly sequence: number;
  readonly request: string | null;
  readonly method: string;
  readonly path: string;
  /** Null where the record does not tell them. */
  readonly names: string | null;
  /** The record holds only the beginning of the target. */
  readonly cut: boolean;
  /** As it stands on record, where `path` and `names` were brought into another form to be compared. */
  readonly shown?: ShownAddress;
  end: number | null;
}

export type OurEvent =
  | Asked
  | { readonly is: 'ended'; readonly time: number; readonly request: string }
  | { readonly is: 'own-work'; readonly time: number }
  | { readonly is: 'other'; readonly time: number };

/** Records beside which the gateway asks the EHR by itself, without a record for each request: sign-on and sign-out there. */
const ownWork = new Set(['ehr-sign-on', 'credential-stored', 'sign-out', 'session-ended', 'switched-away', 'taken-over']);
/** What `redactTarget` keeps of a target, and how it marks a cut. */
const targetCharacters = 2048;
const cutMark = '...';

/** Null for a record whose time cannot be read. `application` leaves out the requests to every other one. */
export function ourEvent(
  { sequence, event, fields }: ReadRecord,
  format: LogFormat,
  application: string | null,
): OurEvent | null {
  const time = Date.parse(String(fields['time']));
  if (Number.isNaN(time)) return null;
  const { application: to, request } = fields;
  if (application !== null && typeof to === 'string' && to !== application) return { is: 'other', time };
  if (event === 'outcome' && typeof request === 'string')
    return { is: 'ended', time: time + Number(fields['durationMilliseconds'] ?? 0), request };
  if (ownWork.has(event)) return { is: 'own-work', time };
  if (event !== 'attempt' && event !== 'ehr-kept-warm') return { is: 'other', time };
  return asked(event, { sequence, time, fields }, format) ?? { is: 'other', time };
}

type Given = Pick<ReadRecord, 'sequence' | 'fields'> & { readonly time: number };

function asked(event: 'attempt' | 'ehr-kept-warm', { sequence, time, fields }: Given, format: LogFormat): Asked | null {
  const { method, target, request } = fields;
  if (typeof method !== 'string' || typeof target !== 'string') return null;
  const cut = target.length >= targetCharacters && target.endsWith(cutMark);
  const { path, names } = comparedTarget(cut ? withoutLastName(target) : target);
  const keptWarm = event === 'ehr-kept-warm';
  return {
    is: 'asked',
    time,
    sequence,
    request: typeof request === 'string' ? request : null,
    method,
    path: format === 'orthanc' ? decodedPath(path) : path,
    // The record of a session kept warm leaves the query out.
    names: keptWarm ? null : names,
    cut,
    end: keptWarm ? time : null,
  };
}

/** The name in which the cut fell may be a part of one. */
function withoutLastName(target: string): string {
  const whole = target.slice(0, -cutMark.length);
  return whole.includes('?') ? whole.replace(/[^?&]*$/, '') : whole;
}
