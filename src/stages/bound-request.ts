// Holds the request to its limits and to framing that has one reading only (RFC 9112 section 6). What Node's parser
// lets through and an old server might read differently is refused here.

import { refuse } from '../core/answer.ts';
import type { End } from '../core/answer.ts';
import { hasTooManyCookies } from '../core/session/cookies.ts';
import type { Arrived, Identified, Recognised, Targeted } from '../facts.ts';
import type { Stage } from '../pipeline.ts';
import { refuseForeign } from './refuse-foreign.ts';
import { isReserved } from './reserved-prefix.ts';

export interface BoundNeeds {
  readonly bodyBytes: number;
  readonly headerCount: number;
}

export function boundRequest(needs: BoundNeeds): Stage<Arrived & Identified & Targeted & Recognised, object> {
  return ({ exchange, headers, method, shape, application, target, machine }) => {
    if (exchange.rawHeaders.length > needs.headerCount * 2) return refuse('headers-too-large');
    if (hasTooManyCookies(headers.get('cookie') ?? '')) return refuse('headers-too-large', { detail: 'Too many cookies' });
    const coding = headers.get('transfer-encoding');
    if (coding !== undefined && coding !== 'chunked') return refuse('transfer-coding-refused');
    const length = headers.get('content-length');
    if (length !== undefined && !/^(?:0|[1-9]\d{0,15})$/.test(length)) return refuse('framing-refused');
    if (coding !== undefined && length !== undefined) return refuse('framing-refused');
    if (length !== undefined && Number(length) > needs.bodyBytes) return refuse('body-too-large');
    const hasBody = coding !== undefined || (length !== undefined && length !== '0');
    if (hasBody && (method === 'GET' || method === 'HEAD' || method === 'OPTIONS')) return refuse('body-not-accepted');
    if (headers.has('expect') && !/^100-continue$/i.test(headers.get('expect') ?? '')) return refuse('expectation-refused');
    if (tooManyRanges(headers.get('range')))
      return refuse('header-malformed', { detail: 'At most five ranges may be asked for' });
    if (shape === 'upgrade') return judgeUpgrade(headers, application.origin, machine !== null);
    // A handshake that is not a whole one would reach the EHR as a plain request; no browser sends it.
    if (/^websocket$/i.test(headers.get('upgrade') ?? '')) return refuse('upgrade-malformed');
    if (takesOver(headers)) return refuse('header-malformed', { detail: 'No service worker may be installed here' });
    // Our own pages ask for more than this, and the provider's logout comes from no browser.
    if (isReserved(target.path))
      return isCompressed(headers) ? refuse('body-not-accepted', { detail: 'Our own forms are not compressed' }) : undefined;
    // A chart is opened by a person, not by a browser's guess: it would be recorded, and the EHR might select its patient.
    if (isAhead(headers)) return refuse('origin-not-permitted', { detail: 'Nobody has asked for this page yet' });
    return isSafe(method) ? undefined : refuseForeign(headers, application.origin);
  };
}

/** No browser compresses a form; unpacking one is work that somebody else chooses the size of. */
function isCompressed(headers: ReadonlyMap<string, string>): boolean {
  return headers.has('content-encoding') && headers.get('content-encoding') !== 'identity';
}

/** A service worker of the EHR would stand between the browser and our own pages (Service Workers section 4.3). */
function takesOver(headers: ReadonlyMap<string, string>): boolean {
  return headers.has('service-worker') || headers.get('sec-fetch-dest') === 'serviceworker';
}

const purposes = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'];

/** What a browser fetches before anybody follows the link (Fetch, `Sec-Purpose`), in the words of all of them. */
function isAhead(headers: ReadonlyMap<string, string>): boolean {
  return purposes.some((name) => /prefetch|prerender|preview/i.test(headers.get(name) ?? ''));
}

/** RFC 9110 section 9.2.1: what changes nothing may come from anywhere, as any link does. */
function isSafe(method: Targeted['method']): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

// CVE-2011-3192: many small ranges of one large reply.
function tooManyRanges(range: string | undefined): boolean {
  return range !== undefined && range.split(',').length > 5;
}

/** RFC 6455 section 4.1. The edge offers only `Upgrade: websocket` here; anything else arrives as a plain request. */
function judgeUpgrade(headers: ReadonlyMap<string, string>, own: string, isMachine: boolean): End | undefined {
  if (headers.get('sec-websocket-version') !== '13') return refuse('upgrade-version');
  if (!/^[A-Za-z0-9+/]{22}==$/.test(headers.get('sec-websocket-key') ?? '')) return refuse('upgrade-malformed');
  // Browsers let any site open a WebSocket with our cookie and always say which site it was (cross-site WebSocket
  // hijacking, RFC 6455 section 10.2); who says nothing is refused too.
  const origin = headers.get('origin');
  if (origin === own) return undefined;
  // A machine proves itself with every request by what no browser sends along unasked, and it has no origin to name.
  if (isMachine && origin === undefined) return undefined;
  const detail = origin === undefined ? 'A live connection must name its origin' : `The origin is "${origin.slice(0, 200)}"`;
  return refuse('origin-not-permitted', { detail });
}
