// Turns "a session or none" into a session. Pages are sent to sign in and come back; scripts are told where to go.

import { refuse } from '../core/answer.ts';
import { requestLine } from '../core/target/canonical-target.ts';
import type { Arrived, Identified, Loaded, SignedIn, Standing, Targeted } from '../facts.ts';
import type { Stage } from '../pipeline.ts';

export function requireLogin(): Stage<Arrived & Identified & Targeted & Loaded & Standing, SignedIn> {
  return ({ session, standing, method, target }) => {
    if (session !== null && standing === 'active') return { session };
    const back = method === 'GET' ? requestLine(target) : '/';
    const remedy = `/.wardgate/sign-in?return=${encodeURIComponent(back)}`;
    return refuse(standing === 'ended' ? 'session-expired' : 'sign-in-required', { remedy });
  };
}
