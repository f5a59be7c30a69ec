// The EHR may set its own cookies, for this host only, and never one that could be taken for ours. Which session it gave
// is remembered before the browser knows it, because only a session that was given to somebody goes on in their name.

import { isOwnCookie } from '../core/session/ehr-cookies.ts';
import type { EhrPlace } from '../core/session/ehr-place.ts';
import { ehrSessionsSet } from '../core/session/ehr-session.ts';
import type { ReplyFacts, ReplyStep } from './reply-step.ts';

export interface GuardCookiesNeeds {
  /** The EHR gave these sessions in answer to a request, which may select a patient in them. */
  readonly learnEhrSessions: (
    place: EhrPlace,
    requestId: string,
    values: readonly string[],
    selects: { readonly patient: string | null } | null,
  ) => void;
}

export function guardCookies(needs: GuardCookiesNeeds): ReplyStep {
  return (facts, reply) => {
    const kept: string[] = [];
    const cookies: string[] = [];
    for (let i = 0; i < reply.headers.length; i += 2) {
      const name = reply.headers[i] ?? '';
      const value = reply.headers[i + 1] ?? '';
      if (name.toLowerCase() !== 'set-cookie') kept.push(name, value);
      else if (!isOwnCookie(nameOf(value))) {
        kept.push(name, confineCookie(value, facts.application.secure));
        cookies.push(value);
      }
    }
    reply.headers = kept;
    if (cookies.length > 0) learn(needs, facts, cookies);
  };
}

function learn(needs: GuardCookiesNeeds, facts: ReplyFacts, cookies: readonly string[]): void {
  const name = facts.application.sessionCookie ?? null;
  const values = name === null ? [] : ehrSessionsSet(cookies, name, facts.arrivedAt);
  if (values.length === 0) return;
  const isSelection = facts.selects !== null || facts.route.clearsSelection;
  needs.learnEhrSessions(facts, facts.id, values, isSelection ? { patient: facts.selects } : null);
}

// A cookie without a name is sent back as its bare value, which may then read `wardgate=…` (RFC 6265bis section 5.6).
function nameOf(cookie: string): string {
  return cookie.replace(/^[\s=]+/, '').split('=', 1)[0] ?? '';
}

/** Drops Domain, so that a cookie never leaves this host, and adds Secure where people come by https. */
export function confineCookie(cookie: string, secure: boolean): string {
  const parts = cookie.split(';').filter((part) => !/^\s*domain\s*=/i.test(part));
  if (secure && !parts.some((part) => /^\s*secure\s*$/i.test(part))) parts.push(' Secure');
  return parts.join(';');
}
