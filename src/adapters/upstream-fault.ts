// Sorts what can go wrong towards the EHR into the catalogue's few words. The one table for it.

import { Fault } from '../core/faults.ts';
import type { FaultCode } from '../core/faults.ts';
import { connectionFailure } from '../core/network/connection-failure.ts';

const codes: Readonly<Record<string, FaultCode>> = {
  UND_ERR_HEADERS_TIMEOUT: 'upstream-timeout',
  UND_ERR_BODY_TIMEOUT: 'upstream-timeout',
  UND_ERR_CONNECT_TIMEOUT: 'upstream-unreachable',
  UND_ERR_HEADERS_OVERFLOW: 'upstream-misbehaved',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'upstream-misbehaved',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'upstream-misbehaved',
  UND_ERR_ABORTED: 'upstream-unreachable',
  ETIMEDOUT: 'upstream-timeout',
  // A reply that the client library did not think possible, such as a status below 100.
  ERR_ASSERTION: 'upstream-misbehaved',
};

/** A switch of protocols or a 100 Continue that nobody asked for; the library has no code for them. */
const uninvited: ReadonlySet<string> = new Set(['bad upgrade', 'bad response']);

/** Anything that was thrown on the way to the EHR, as a Fault that keeps it as its cause. */
export function upstreamFault(cause: unknown): Fault {
  if (cause instanceof Fault) return cause;
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const failure = connectionFailure(code);
  if (failure?.isCertificate === true)
    return new Fault('upstream-unreachable', { detail: `The EHR is not believed: ${failure.says}; ${failure.fix}`, cause });
  return new Fault(codes[code] ?? (brokeProtocol(cause, code) ? 'upstream-misbehaved' : 'upstream-unreachable'), { cause });
}

/** The parser's errors carry a code only sometimes, and always their name. */
function brokeProtocol(cause: unknown, code: string): boolean {
  if (!(cause instanceof Error)) return false;
  return (
    cause.name === 'HTTPParserError' || code.startsWith('HPE_') || (code === 'UND_ERR_SOCKET' && uninvited.has(cause.message))
  );
}
