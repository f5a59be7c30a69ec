// Turns "a session or none" into a session, or into what a machine has in its place. Pages are sent to sign in and come back;
// scripts are told where to go. Whoever typed the bare address is led to where the EHR lives, which takes no rule: nothing of
// the EHR is there.

import { end, refuse } from '../core/answer.ts';
import type { End } from '../core/answer.ts';
import { wayBack } from '../core/ehr/credential-path.ts';
import { logsOutOfEhr } from '../core/ehr/logs-out-of-ehr.ts';
import type { Arrived, Identified, Loaded, Recognised, SignedIn, Standing, Targeted } from '../facts.ts';
import type { Stage } from '../pipeline.ts';

type Given = Arrived & Identified & Targeted & Recognised & Loaded & Standing;

export function requireLogin(): Stage<Given, SignedIn> {
  return (facts) => {
    const { session, standing, inUse, machine } = facts;
    if (machine !== null) return { session: machine, inUse: machine };
    if (session !== null && inUse !== null) return frontDoor(facts) ?? { session, inUse };
    const remedy = `/.wardgate/sign-in?return=${encodeURIComponent(wayIn(facts))}`;
    return refuse(standing === 'ended' ? 'session-expired' : 'sign-in-required', { remedy });
  };
}

/** Pages of the EHR log out by themselves when they hear of the end, and nobody signs in to be signed out at once. */
function wayIn({ application, method, target }: Pick<Given, 'application' | 'method' | 'target'>): string {
  return logsOutOfEhr(application, method, target) ? '/' : wayBack(method, target);
}

/** `/` and `/openemr` lead to `/openemr/`; null for everything else. */
function frontDoor({ application, method, shape, target }: Given): End | null {
  const { root = '' } = application;
  const isDoor = target.path === '/' || target.path === root;
  if (root === '' || !isDoor || target.query !== null || method !== 'GET' || shape !== 'page') return null;
  return end({ kind: 'plain', status: 303, headers: { location: `${root}/`, 'cache-control': 'no-store' }, body: '' });
}
