// The EHR may set its own cookies, for this host only, and never one that could be taken for ours.

import { isOwnCookie } from '../core/session/ehr-cookies.ts';
import type { ReplyStep } from './reply-step.ts';

export function guardCookies(): ReplyStep {
  return ({ application }, reply) => {
    const kept: string[] = [];
    for (let i = 0; i < reply.headers.length; i += 2) {
      const name = reply.headers[i] ?? '';
      const value = reply.headers[i + 1] ?? '';
      if (name.toLowerCase() !== 'set-cookie') kept.push(name, value);
      else if (!isOwnCookie(nameOf(value))) kept.push(name, confineCookie(value, application.secure));
    }
    reply.headers = kept;
  };
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
