// Somebody signed in at a gateway of the bench by a row in the session store, because signing in is not what is measured.

import { createHash, randomBytes } from 'node:crypto';
import type { Session } from '../../src/core/session/session.ts';
import type { startGateway } from '../../src/main.ts';

/** The cookie header's value. */
export async function signedIn(
  gateway: Awaited<ReturnType<typeof startGateway>>,
  issuer: string,
  name: string,
  role: string,
): Promise<string> {
  const id = randomBytes(32).toString('base64url');
  const subject = { issuer, sub: name, name, displayName: name };
  await gateway.composed.state.sessions.create({ ...sessionOf(id, subject, role), reference: name });
  return `wardgate=${id}`;
}

/** Of somebody who has just signed in; `id` is what their cookie holds. */
export function sessionOf(id: string, subject: Session['subject'], role: string): Session {
  const now = Date.now();
  return {
    key: createHash('sha256').update(id).digest('base64url'),
    reference: randomBytes(12).toString('base64url'),
    subject,
    roles: [role],
    factor: { method: 'totp', at: now },
    createdAt: now,
    lastActiveAt: now,
    rolesCheckedAt: now,
    providerSession: null,
    sealedTokens: null,
    ehrSessions: [],
    device: null,
    lockedAt: null,
    activity: { last: 'sign-in', pings: 0, navigations: 0 },
    version: 1,
  };
}
