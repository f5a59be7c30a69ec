// Where a person goes after signing in. Only a canonical path of our own origin will do; everything else becomes `/`,
// because an address that two parsers read differently is how sign-ins are turned into traps.

import { canonicalize } from '../core/target/canonicalize.ts';
import { requestLine } from '../core/target/canonical-target.ts';
import type { TargetProfile } from '../core/target/canonical-target.ts';

/** Sign-ins that would lead back into themselves. */
const circular: ReadonlySet<string> = new Set([
  '/.wardgate/sign-in',
  '/.wardgate/callback',
  '/.wardgate/join',
  '/.wardgate/joined',
  '/.wardgate/second-factor',
  '/.wardgate/enrol',
  '/.wardgate/sign-out',
  '/.wardgate/signed-out',
  '/.wardgate/leave-frame',
  '/.wardgate/unlock',
  '/.wardgate/take-over',
  '/.wardgate/switch',
  '/.wardgate/acknowledge',
]);

/** Bytes. Percent-encoded once more it stands in the addresses of the pages on the way, which must not grow too long. */
const maximumBytes = 2000;

/** `stated` is what the address bar said, decoded once. */
export function returnPath(stated: unknown, profile: TargetProfile): string {
  if (typeof stated !== 'string') return '/';
  const target = canonicalize(stated, profile, maximumBytes);
  // A backslash has no business in an address, and some readers take it for a slash.
  if ('reason' in target || circular.has(target.path) || stated.includes('\\')) return '/';
  return requestLine(target);
}

/** `path?return=…`, for the pages on the way. */
export function withReturn(path: string, returnTo: string): string {
  return returnTo === '/' ? path : `${path}?return=${encodeURIComponent(returnTo)}`;
}
