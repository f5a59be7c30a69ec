// A session of Ada's, for the tests of stores.

import type { Session } from '../../src/core/session/session.ts';

export function sessionOf(key: string, over: Partial<Session> = {}): Session {
  return {
    key,
    reference: `ref-${key}`,
    subject: { issuer: 'https://op.example', sub: 'ada', name: 'ada', displayName: 'Ada L' },
    roles: ['nurse', 'records'],
    factor: { method: 'totp', at: 5 },
    createdAt: 1000,
    lastActiveAt: 1000,
    rolesCheckedAt: 1000,
    providerSession: null,
    sealedTokens: null,
    ehrSessions: [],
    device: null,
    lockedAt: null,
    activity: { last: 'sign-in', pings: 0, navigations: 0 },
    version: 1,
    ...over,
  };
}
