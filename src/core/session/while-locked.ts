// What a locked session is told. People and their clicks are asked to unlock; what the covered page asks by itself hears
// something that changes nothing: an answer that says "expired" would make it navigate away, and with it goes the note that
// somebody was typing.

import type { CallerShape } from '../caller-shape.ts';
import { matchesPath } from '../ehr/target-path.ts';
import type { PathPattern } from '../policy/path-pattern.ts';

/** What a page's own request hears while the session is locked: this JSON, or nothing at all (204) where it is null. */
export interface LockedReply {
  readonly pattern: PathPattern;
  readonly json: string | null;
}

export interface LockedRequest {
  readonly method: string;
  readonly path: string;
  readonly shape: CallerShape;
  readonly headers: ReadonlyMap<string, string>;
}

export type WhileLocked =
  | { readonly answer: 'neutral'; readonly json: string | null }
  /** 204: the browser keeps the document it shows (RFC 9110 section 15.3.5, HTML "navigate"). */
  | { readonly answer: 'stay' }
  | { readonly answer: 'refuse' };

/** `covered`: the application's pages carry the script that covers them. */
export function whileLocked(request: LockedRequest, replies: readonly LockedReply[], covered: boolean): WhileLocked {
  const neutral = replies.find(({ pattern }) => matchesPath(pattern, request.path));
  if (neutral !== undefined) return { answer: 'neutral', json: neutral.json };
  return movesByItself(request, covered) ? { answer: 'stay' } : { answer: 'refuse' };
}

/** A document that another document asks for without anybody's doing: a timer, a refresh, a script that gives up. */
function movesByItself({ method, shape, headers }: LockedRequest, covered: boolean): boolean {
  if (method !== 'GET' || headers.get('sec-fetch-user') === '?1') return false;
  if (headers.get('sec-fetch-mode') !== 'navigate' || headers.get('sec-fetch-site') !== 'same-origin') return false;
  return shape === 'frame' || (shape === 'page' && covered);
}
