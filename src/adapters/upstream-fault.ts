// Sorts what can go wrong towards the EHR into the catalogue's few words. The one table for it.

import { Fault } from '../core/faults.ts';
import type { FaultCode } from '../core/faults.ts';

const codes: Readonly<Record<string, FaultCode>> = {
  UND_ERR_HEADERS_TIMEOUT: 'upstream-timeout',
  UND_ERR_BODY_TIMEOUT: 'upstream-timeout',
  UND_ERR_CONNECT_TIMEOUT: 'upstream-unreachable',
  UND_ERR_HEADERS_OVERFLOW: 'upstream-misbehaved',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'upstream-misbehaved',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'upstream-misbehaved',
  UND_ERR_ABORTED: 'upstream-unreachable',
  ETIMEDOUT: 'upstream-timeout',
};

/** Anything that was thrown on the way to the EHR, as a Fault that keeps it as its cause. */
export function upstreamFault(cause: unknown): Fault {
  if (cause instanceof Fault) return cause;
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const fault = codes[code] ?? (code.startsWith('HPE_') ? 'upstream-misbehaved' : 'upstream-unreachable');
  return new Fault(fault, { cause });
}
