// GET /.wardgate/join: the browser comes from a sign-in at another application and shows whether it is signed in here; it is
// sent back with the answer, sealed for that one sign-in. GET /.wardgate/joined: the answer comes home. Neither opens anything
// by itself: the sign-in that asked has its person from the provider already.

import type { Request, RequestHandler, Response } from 'express';
import { sharedFactor } from '../core/session/shared-factor.ts';
import { completeSignIn } from './complete-sign-in.ts';
import { pendingSignIn, setPending } from './interaction.ts';
import type { PendingSignIn } from './interaction.ts';
import { answerTo, joinedSession, mayJoin, nextToAsk, readAnswer, readAsked } from './join-sessions.ts';
import { landing } from './landing.ts';
import { ownContext } from './own-context.ts';
import type { OwnContext } from './own-context.ts';
import { personKey } from './person-key.ts';
import { activeSession, headerValues } from './read-browser.ts';
import { withReturn } from './return-path.ts';
import { sendOn, sendRefusal } from './send.ts';
import type { SignInNeeds } from './sign-in-needs.ts';
import { wayOn } from './way-on.ts';

export function joinRoute(needs: SignInNeeds): RequestHandler {
  return async (req, res) => {
    if (refusedNotNavigable(needs, req, res)) return;
    const context = ownContext(needs, res);
    const asked = readAsked(needs, context.application, queryOf(context, 'ask'));
    const session = asked === null ? null : await activeSession(needs, req, context);
    const isTheirs = session !== null && personKey(session.subject) === asked?.person && mayJoin(session);
    const to = asked === null ? null : answerTo(needs, asked, isTheirs ? session : null);
    sendOn(res, to ?? '/');
  };
}

export function joinedRoute(needs: SignInNeeds): RequestHandler {
  return async (req, res) => {
    if (refusedNotNavigable(needs, req, res)) return;
    const context = ownContext(needs, res);
    const pending = pendingSignIn(needs, req, res);
    const joining = pending?.joining;
    if (pending === null || joining === undefined) {
      // Another tab has finished meanwhile, or somebody was led here who asked for nothing.
      sendOn(res, (await activeSession(needs, req, context)) === null ? '/.wardgate/sign-in' : '/');
      return;
    }
    const joined = readAnswer(needs, joining, queryOf(context, 'answer'));
    const { joining: _joining, ...known } = joined === null ? pending : { ...pending, joined };
    const found = await joinedSession(needs, context, known);
    const next = found === null ? nextToAsk(needs, pending.subject, context.application, joining) : null;
    if (next === null) return comeInOrProve(needs, req, res, known, joining.returnTo);
    await setPending(req, { ...pending, joining: next.joining });
    sendOn(res, next.to);
    return undefined;
  };
}

/** In at once where the factor has been shown, and to the page that asks for it where it has not. */
async function comeInOrProve(
  needs: SignInNeeds,
  req: Request,
  res: Response,
  pending: PendingSignIn,
  back: string,
): Promise<void> {
  const context = ownContext(needs, res);
  const found = await joinedSession(needs, context, pending);
  const shared = found === null ? null : sharedFactor(found, needs.settings.secondFactor.acrossApplications);
  const { proved = shared, ...known } = pending;
  if (proved === null) {
    await setPending(req, known);
    sendOn(res, withReturn('/.wardgate/second-factor', back));
  } else if (await completeSignIn(needs, req, res, known, proved, back)) {
    sendOn(res, await wayOn(needs, known.subject, await landing(needs, known.subject, context.application, back)));
  }
}

/** Only a person's own way leads here: a frame or a script has nothing to learn. */
function refusedNotNavigable(needs: SignInNeeds, req: Request, res: Response): boolean {
  const [mode = 'navigate'] = headerValues(req, 'sec-fetch-mode');
  const [destination = 'document'] = headerValues(req, 'sec-fetch-dest');
  if (mode === 'navigate' && destination === 'document') return false;
  sendRefusal(needs, res, 'page-not-found');
  return true;
}

function queryOf({ target }: OwnContext, name: string): string | null {
  const [value = null, ...more] = new URLSearchParams(target.query ?? '').getAll(name);
  return more.length === 0 ? value : null;
}
