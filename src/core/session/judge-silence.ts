// What becomes of a session whose roles cannot be read again because the provider gives no answer. It goes on for the grace time,
// then it locks, so that its person shows at least their own second factor; each such proof gives the grace time anew. Nobody
// goes on for ever by roles that nobody can check.

import type { FactorEvidence, Session } from './session.ts';

/** Hours after which a session ends by the roles it last heard of, whatever its person proves. */
const longestStaleHours = 12;

export type Silence = 'goes-on' | 'locks' | 'ends';

/** Proved to us, and not to the provider. */
const ours: ReadonlySet<FactorEvidence['method']> = new Set(['totp', 'passkey', 'recovery-code']);

/** `now` is epoch milliseconds. */
export function judgeSilence(
  { rolesCheckedAt, factor }: Pick<Session, 'rolesCheckedAt' | 'factor'>,
  { recheckEverySeconds, recheckGraceSeconds }: { readonly recheckEverySeconds: number; readonly recheckGraceSeconds: number },
  now: number,
): Silence {
  const due = rolesCheckedAt + recheckEverySeconds * 1000;
  if (now >= due + longestStaleSeconds(recheckGraceSeconds) * 1000) return 'ends';
  const proved = ours.has(factor.method) ? Math.min(factor.at, now) : 0;
  return now < Math.max(due, proved) + recheckGraceSeconds * 1000 ? 'goes-on' : 'locks';
}

/** From the moment the roles should have been read. */
export function longestStaleSeconds(recheckGraceSeconds: number): number {
  return Math.max(longestStaleHours * 3600, recheckGraceSeconds);
}
