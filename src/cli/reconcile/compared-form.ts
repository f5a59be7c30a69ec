// Records hold ids as tokens, and the log of an EHR has the ids: here both come into one form before they are compared. What
// is shown stays as it stands where it was found.

import { recordName } from '../../core/audit/record-number.ts';
import type { LogFormat } from '../../core/audit/reconcile/ehr-request.ts';
import type { OurEvent } from '../../core/audit/reconcile/our-event.ts';
import type { LoggedRequest } from '../../core/audit/reconcile/reconciler.ts';
import { hasToken, recordedNames, recordedPath, tokenisedNames, tokenisedPath } from '../../core/audit/reconcile/tokenised.ts';
import type { DecodePart } from '../../core/audit/reconcile/tokenised.ts';
import { forgetOldest } from '../../core/forget-oldest.ts';
import type { TokenOf } from '../../core/patients/hide-ids.ts';

export interface ComparedForm {
  request(request: LoggedRequest): LoggedRequest;
  /** Throws where the record has a token and there is no key to compare it by. */
  event(event: OurEvent): OurEvent;
}

/** Parts of addresses whose token is remembered. */
const mostRemembered = 100_000;

export function comparedForm(format: LogFormat, key: TokenOf | null): ComparedForm {
  if (key === null) return { request: (request) => request, event: withoutKey };
  const tokenOf = remembering(key);
  const decode = format === 'orthanc' ? fromBytes : fromPercent;
  return {
    request: (request) => {
      const { path, names } = request;
      const compared = { path: tokenisedPath(path, decode, tokenOf), names: names && tokenisedNames(names, tokenOf) };
      return { ...request, ...compared, shown: { path, names } };
    },
    event: (event) => {
      if (event.is !== 'asked') return event;
      const { path, names, cut } = event;
      const isCut = cut && (names === null || names === '');
      const compared = { path: recordedPath(path, isCut, decode, tokenOf), names: names && recordedNames(names, tokenOf) };
      return { ...event, ...compared, shown: { path, names } };
    },
  };
}

function withoutKey(event: OurEvent): OurEvent {
  if (event.is === 'asked' && hasToken(event.path, event.names))
    throw new Error(`Record ${recordName(event.sequence)} has tokens in its address: name the gateway.yaml with --patients`);
  return event;
}

/** The parts of addresses come again and again, and a token of each would be made each time. */
function remembering(key: TokenOf): TokenOf {
  const remembered = new Map<string, string>();
  return (id) => {
    const known = remembered.get(id);
    if (known !== undefined) return known;
    const token = key(id);
    remembered.set(id, token);
    forgetOldest(remembered, mostRemembered);
    return token;
  };
}

const fromPercent: DecodePart = (part) => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

/** One character for one byte. */
const fromBytes: DecodePart = (part) => Buffer.from(part, 'latin1').toString('utf8');
