// What an open page of the EHR hears to what it asks by itself, while its session is locked or has just ended: words of the
// preset or nothing at all, and nothing of anybody. The page stays, with what was typed in it.

import type { Plain } from '../answer.ts';
import { whileLocked } from './while-locked.ts';
import type { LockedReply, LockedRequest } from './while-locked.ts';

interface Application {
  readonly whileLocked?: readonly LockedReply[];
  readonly pageScript?: boolean;
}

/** Null where it is told what everybody is told. `state` is for the script that covers the page, which looks at every answer. */
export function pageAnswer(request: LockedRequest, application: Application, state: 'locked' | 'ended'): Plain | null {
  const told = whileLocked(request, application.whileLocked ?? [], application.pageScript !== false);
  if (told.answer === 'refuse') return null;
  const headers = { 'cache-control': 'no-store', 'wardgate-session': state };
  if (told.answer === 'stay' || told.json === null) return { kind: 'plain', status: 204, headers, body: '' };
  const content = { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' };
  return { kind: 'plain', status: 200, headers: { ...headers, ...content }, body: told.json };
}
