// What an ID token must be beyond what the OpenID library checks: of the right kind, fresh, of a sane size, and about a
// subject that can be stored and compared. Returns why it is refused, or null.

import { decodeJwt, decodeProtectedHeader } from 'jose';

/** Asymmetric signatures only: with HS256 whoever knows the client secret could write tokens. */
export const acceptedAlgorithms: readonly string[] = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'];
export const clockToleranceSeconds = 60;
const maximumAgeSeconds = 600;
const maximumCharacters = 64 * 1024;
const maximumDepth = 32;

/** `nowSeconds` is the wall clock. Null when the token may be believed. */
export function refuseIdToken(token: string, nowSeconds: number): string | null {
  if (token.length > maximumCharacters) return `the ID token is larger than ${maximumCharacters} characters`;
  const { typ } = decodeProtectedHeader(token);
  // RFC 9068 access tokens and logout tokens are signed with the same keys; only their type tells them apart.
  if (typ !== undefined && typ.toUpperCase() !== 'JWT') return `the ID token is of type "${typ.slice(0, 40)}"`;
  const claims = decodeJwt(token);
  if ('events' in claims) return 'the ID token is a logout token';
  if (claims.iat === undefined || claims.iat < nowSeconds - maximumAgeSeconds - clockToleranceSeconds) {
    return `the ID token was issued more than ${maximumAgeSeconds} seconds ago`;
  }
  if (claims.iat > nowSeconds + clockToleranceSeconds) return 'the ID token was issued in the future; compare the clocks';
  if (deeperThan(claims, maximumDepth)) return `the claims nest deeper than ${maximumDepth} levels`;
  return refuseSubject(claims.sub);
}

/** OpenID Connect Core 2: at most 255 ASCII characters. */
export function refuseSubject(sub: unknown): string | null {
  if (typeof sub !== 'string' || !/^[\x21-\x7e]([\x20-\x7e]{0,253}[\x21-\x7e])?$/.test(sub)) {
    return 'the subject is not a plain string of 1 to 255 ASCII characters';
  }
  return null;
}

function deeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((inner) => deeperThan(inner, depth - 1));
}
