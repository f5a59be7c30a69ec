// Decides whether the session may still be used, and reads the person's roles again when they have grown old. A session
// in which nobody was seen for too long is locked here, and one that is over its limits ended, whatever the request says of
// itself.
// Automatic logoff: 45 CFR 164.312(a)(2)(iii).

import { judgeStanding } from '../core/session/judge-standing.ts';
import type { SessionLimits, Session } from '../core/session/session.ts';
import { end, refuse } from '../core/answer.ts';
import type { End } from '../core/answer.ts';
import { requestLine } from '../core/target/canonical-target.ts';
import type { Arrived, Identified, InUse, Loaded, Standing, Targeted } from '../facts.ts';
import type { SessionStore, Soon } from '../ports.ts';
import type { Stage } from '../pipeline.ts';
import { isReserved } from './reserved-prefix.ts';

export interface ExpireSessionNeeds {
  readonly sessions: SessionStore;
  readonly sessionLimits: (session: Pick<Session, 'roles' | 'device'>, zones: readonly string[]) => SessionLimits;
  /** True when the claims must be read again before this request may be judged. */
  readonly rolesAreStale: (session: Session, now: number) => boolean;
  /** True when only the browser can have them read again, because the provider gave no refresh token. */
  readonly needsSilentSignIn: (session: Session, now: number) => boolean;
  readonly refreshRoles: (session: Session) => Promise<'fresh' | 'kept' | 'locked' | 'ended'>;
}

type Given = Arrived & Identified & Targeted & Loaded;
type Adds = Loaded & Standing;

const nobody: Adds = { session: null, standing: 'none', inUse: null };
const ended: Adds = { session: null, standing: 'ended', inUse: null };
const usable = {} as InUse;

export function expireSession(needs: ExpireSessionNeeds): Stage<Given, Adds> {
  return (facts) => {
    const { session } = facts;
    if (session === null) return nobody;
    const judged = judgeStanding(session, needs.sessionLimits(session, facts.zones), facts.arrivedAt);
    if (judged.standing === 'ended') return needs.sessions.end(session.key, judged.why).then(() => ended);
    if (judged.standing === 'locked') return locked(session, judged.since);
    if (needs.rolesAreStale(session, facts.arrivedAt)) return recheck(facts, session);
    return { session, standing: 'active', inUse: usable };
  };

  /** The roles of a locked session need no new look: nothing is judged by them before it is unlocked. */
  function locked(session: Session, since: number): Soon<Adds> {
    if (session.lockedAt !== null) return { session, standing: 'locked', inUse: null };
    const adds: Adds = { session: { ...session, lockedAt: since }, standing: 'locked', inUse: null };
    return needs.sessions.lock(session.key, since).then(() => adds);
  }

  async function recheck(facts: Given, session: Session): Promise<Adds | End> {
    const isPage = facts.shape === 'page' && facts.method === 'GET' && !isReserved(facts.target.path);
    if (isPage && needs.needsSilentSignIn(session, facts.arrivedAt)) {
      const remedy = `/.wardgate/sign-in?silent=1&return=${encodeURIComponent(requestLine(facts.target))}`;
      return refuse('sign-in-required', { remedy });
    }
    if ((await needs.refreshRoles(session)) === 'ended') return ended;
    const after = await needs.sessions.find(session.key);
    if (after.found === 'unavailable') return end({ kind: 'fault', code: 'session-store-unavailable', cause: after.cause });
    if (after.found === 'no') return ended;
    // It may have locked meanwhile, because the provider could not be asked for too long.
    if (after.value.lockedAt !== null) return { session: after.value, standing: 'locked', inUse: null };
    return { session: after.value, standing: 'active', inUse: usable };
  }
}
