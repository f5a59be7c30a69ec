// Sorts what goes wrong with the provider into two kinds: it does not answer, or it answers wrongly. The difference
// decides whether people who are signed in stay so.

import { ClientError, ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client';
import { Fault } from '../core/faults.ts';
import { connectionFailure } from '../core/network/connection-failure.ts';
import { OversizedAnswer } from './provider-fetch.ts';

/** The fault for a failed exchange; `what` names it in the detail. */
export function providerFault(cause: unknown, what: string): Fault {
  if (cause instanceof Fault) return cause;
  if (isUnavailable(cause)) {
    const failure = connectionFailure(codeOf(cause));
    const because = failure === null ? '' : `: ${failure.says}; ${failure.fix}`;
    return new Fault('identity-provider-unavailable', {
      detail: `The sign-in service did not answer the ${what}${because}`,
      cause,
    });
  }
  return new Fault('identity-provider-misbehaved', {
    detail: `The sign-in service answered the ${what} wrongly: ${why(cause)}`,
    cause,
  });
}

/** True for refused connections, timeouts and 5xx: no verdict on anybody. */
export function isUnavailable(cause: unknown): boolean {
  if (cause instanceof OversizedAnswer) return false;
  if (cause instanceof ResponseBodyError || cause instanceof WWWAuthenticateChallengeError) return cause.status >= 500;
  if (cause instanceof Response) return cause.status >= 500;
  if (!(cause instanceof Error)) return false;
  if (cause instanceof ClientError) {
    if (cause.code === 'OAUTH_TIMEOUT' || cause.code === 'OAUTH_ABORT') return true;
    // The library keeps the answer itself as the cause of a wrong status or type.
    return cause.cause !== undefined && isUnavailable(cause.cause);
  }
  // fetch fails with a TypeError whose cause is the socket's error.
  const named = ['AbortError', 'TimeoutError'].includes(cause.name);
  return named || (cause instanceof TypeError && cause.cause instanceof Error && !(cause.cause instanceof OversizedAnswer));
}

/** Of the socket below a failed fetch, which Node hides two causes deep; '' where there is none. */
function codeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return '';
  return 'code' in cause && typeof cause.code === 'string' && !cause.code.startsWith('OAUTH_') ? cause.code : codeOf(cause.cause);
}

/** What was wrong, in words from the library and never from the provider. */
function why(cause: unknown): string {
  if (cause instanceof ResponseBodyError) return `${cause.status} with error "${printable(cause.error)}"`;
  if (!(cause instanceof Error)) return 'no reason given';
  const inner = cause.cause;
  if (inner instanceof Response) {
    return `${cause.message} (${inner.status}, ${printable(inner.headers.get('content-type') ?? 'no content type')})`;
  }
  return inner instanceof Error ? `${cause.message}: ${inner.message}` : cause.message;
}

/** Text of the other side, cut and made harmless for a log and a page. */
export function printable(text: string, maximum = 200): string {
  return text.slice(0, maximum).replaceAll(/[^\x20-\x7e\u00a0-\u024f]/g, '?');
}
