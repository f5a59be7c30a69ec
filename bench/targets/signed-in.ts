// Somebody signed in at a gateway of the bench by a row in the session store, because signing in is not what is measured.

import { createHash, randomBytes } from 'node:crypto';
import type { startGateway } from '../../src/main.ts';

/** The cookie header's value. */
export async function signedIn(
  gateway: Awaited<ReturnType<typeof startGateway>>,
  issuer: string,
  name: string,
  role: string,
): Promise<string> {
  const id = randomBytes(32).toString('base64url');
  const now = Date.now();
  await gateway.composed.state.sessions.create({
    key: createHash('sha256').update(id).digest('base64url'),
    reference: name,
    subject: { issuer, sub: name, name, displayName: name },
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
  });
  return `wardgate=${id}`;
}
