// OpenEMR's session cookie. Scripts may read it in every version, because `restoreSession()` writes it.

import { randomBytes } from 'node:crypto';
import { WEB_ROOT } from './apache-target.ts';
import { SESSION_COOKIE } from './sessions.ts';
import type { OpenEmrVersion } from './visit.ts';

/** A value for Set-Cookie. Neither HttpOnly nor Secure; the path has its slash only in version 7. */
export function sessionCookie(id: string, version: OpenEmrVersion): string {
  return version === 5
    ? `${SESSION_COOKIE}=${id}; path=${WEB_ROOT}`
    : `${SESSION_COOKIE}=${id}; path=${WEB_ROOT}/; SameSite=Strict`;
}

/** As long as the product's own ids and tokens, and as random. */
export function newToken(): string {
  return randomBytes(16).toString('hex');
}
