// Whether a logout token may be believed (OpenID Connect Back-Channel Logout 1.0, section 2.6). Returns what it ends, or why
// it is refused; whether it was used before is the caller's to know.

import { errors, jwtVerify } from 'jose';
import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import type { LogoutVerdict } from '../identity-ports.ts';
import { acceptedAlgorithms, clockToleranceSeconds, refuseSubject } from './id-token-checks.ts';
import { printable } from './provider-faults.ts';

const eventName = 'http://schemas.openid.net/event/backchannel-logout';
/** A provider sends it at once; an older one was kept by somebody. */
const maximumAgeSeconds = 120;
const maximumCharacters = 16 * 1024;
const longestId = 255;
/** Many providers leave the type out; an ID token or an access token says another. */
const types: ReadonlySet<string> = new Set(['LOGOUT+JWT', 'JWT']);

export interface LogoutTokenNeeds {
  readonly issuer: string;
  readonly clientId: string;
  readonly keys: JWTVerifyGetKey;
  /** Epoch milliseconds of the wall clock. */
  readonly now: number;
}

/** Rejects with a Fault where the provider's keys cannot be had. */
export async function verifyLogoutToken(token: string, needs: LogoutTokenNeeds): Promise<LogoutVerdict> {
  if (token.length > maximumCharacters) return refused(`it is larger than ${maximumCharacters} characters`);
  try {
    const { payload, protectedHeader } = await jwtVerify(token, needs.keys, {
      issuer: needs.issuer,
      audience: needs.clientId,
      algorithms: [...acceptedAlgorithms],
      clockTolerance: clockToleranceSeconds,
      maxTokenAge: maximumAgeSeconds,
      requiredClaims: ['iat', 'jti', 'events'],
      currentDate: new Date(needs.now),
    });
    const { typ } = protectedHeader;
    if (typ !== undefined && !types.has(typ.toUpperCase())) return refused(`its type is "${printable(typ, 40)}"`);
    return readClaims(payload, needs.clientId);
  } catch (cause) {
    if (cause instanceof errors.JOSEError) return refused(printable(cause.message));
    throw cause;
  }
}

function readClaims(payload: JWTPayload, clientId: string): LogoutVerdict {
  const { aud, events, jti, sub, sid } = payload;
  if (Array.isArray(aud) && aud.some((one) => one !== clientId)) return refused('it is meant for others as well');
  if (!namesTheEvent(events)) return refused('its "events" do not name the logout event');
  // What tells it from an ID token: section 2.4 forbids the one claim that every ID token of ours has.
  if ('nonce' in payload) return refused('it carries a nonce, as only an ID token does');
  if (!isId(jti)) return refused('its "jti" is no text of 1 to 255 characters');
  if (sid !== undefined && !isId(sid)) return refused('its "sid" is no text of 1 to 255 characters');
  if (sub === undefined && sid === undefined) return refused('it names neither a person nor a session');
  if (sub !== undefined && refuseSubject(sub) !== null) return refused('its "sub" is no subject');
  return { ok: true, logout: { id: jti, sub: sub ?? null, providerSession: sid ?? null } };
}

function namesTheEvent(events: unknown): boolean {
  if (typeof events !== 'object' || events === null || !Object.hasOwn(events, eventName)) return false;
  const event = (events as Readonly<Record<string, unknown>>)[eventName];
  return typeof event === 'object' && event !== null && !Array.isArray(event);
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= longestId;
}

function refused(why: string): LogoutVerdict {
  return { ok: false, why: `The logout token cannot be believed: ${why}` };
}
