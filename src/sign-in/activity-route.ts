// GET and POST /.wardgate/activity: what the script in the EHR's pages asks and tells. GET only looks; POST says that
// somebody touched a key or the pointer, at most half a minute ago. Neither ever unlocks.

import type { Request, RequestHandler, Response } from 'express';
import type { Session } from '../ports.ts';
import type { OwnContext } from './own-context.ts';
import { ownContext } from './own-context.ts';
import { cookieSession, standingOf } from './read-browser.ts';
import { sessionState, stateStatus } from './session-state.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** A page cannot tell of anything older; what it says is believed no further than this, milliseconds. */
const oldestMilliseconds = 30_000;

export function showActivity(needs: SignInNeeds): RequestHandler {
  return heldSession(needs, async (held) => tell(needs, held));
}

export function postActivity(needs: SignInNeeds): RequestHandler {
  return heldSession(needs, async (held) => {
    const { req, session, context } = held;
    if (standingOf(needs, session, context).standing === 'active') {
      needs.sessions.touch(session.key, needs.clock.now() - ageIn(req.body), 'script');
    }
    const now = await needs.sessions.find(session.key);
    await tell(needs, { ...held, session: now.found === 'yes' ? now.value : session });
  });
}

/** `{ "idleSeconds": 3.5 }`; anything else is now. */
function ageIn(body: unknown): number {
  if (typeof body !== 'object' || body === null || !('idleSeconds' in body)) return 0;
  const { idleSeconds } = body;
  if (typeof idleSeconds !== 'number' || !(idleSeconds >= 0)) return 0;
  // The browser's clock has fractions of a millisecond; the store's times have none.
  return Math.min(Math.round(idleSeconds * 1000), oldestMilliseconds);
}

async function tell(needs: SignInNeeds, { req, res, session, context }: Held): Promise<void> {
  const state = await sessionState(needs, req, session, context);
  res.status(stateStatus[state.state]).setHeader('Wardgate-Session', state.state);
  res.json(state);
}

interface Held {
  readonly req: Request;
  readonly res: Response;
  readonly session: Session;
  readonly context: OwnContext;
}

/** The common start of what a locked session may ask for. */
export function heldSession(needs: SignInNeeds, serve: (held: Held) => Promise<void>): RequestHandler {
  return async (req, res) => {
    const context = ownContext(needs, res);
    const session = context.session ?? (await cookieSession(needs, req, context));
    if (session === null) res.status(401).setHeader('Wardgate-Session', 'ended').json({ state: 'ended' });
    else await serve({ req, res, session, context });
  };
}
