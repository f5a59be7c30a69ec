// What the request path asks when a session's roles have grown old: the session as it stands after reading them again.

import type { Session } from '../core/session/session.ts';
import { Fault } from '../core/faults.ts';
import { unreachable } from '../core/unreachable.ts';
import { needsSilentSignIn, refreshRoles } from './refresh-roles.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

type Needs = Parameters<typeof refreshRoles>[0] & Pick<SignInNeeds, 'sessions'>;

/** Null: it ended. `silent-sign-in`: the browser has to go to the provider, which asks the person nothing. */
export function recheckSession(needs: Needs): (session: Session) => Promise<Session | null | 'silent-sign-in'> {
  const refresh = refreshRoles(needs);
  return async (session) => {
    if (needsSilentSignIn(needs, session, needs.clock.now())) return 'silent-sign-in';
    const outcome = await refresh(session);
    switch (outcome) {
      case 'kept':
        return session;
      case 'ended':
        return null;
      case 'fresh': {
        const lookup = await needs.sessions.find(session.key);
        if (lookup.found === 'unavailable') throw new Fault('session-store-unavailable', { cause: lookup.cause });
        return lookup.found === 'yes' ? lookup.value : null;
      }
      default:
        return unreachable(outcome);
    }
  };
}
