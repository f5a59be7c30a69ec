// The few minutes between the provider's answer and the second factor. express-session carries them; no session of ours
// exists yet, and nothing in here opens the EHR.

import type { Request, RequestHandler, Response } from 'express';
import session from 'express-session';
import { cookieName, setCookie } from '../core/session/cookies.ts';
import { Fault } from '../core/faults.ts';
import type { FactorEvidence, Subject } from '../ports.ts';
import { ownContext } from './own-context.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** How long a person has for their second factor. */
export const interactionSeconds = 600;

/** Somebody whom the provider has vouched for, and who has not shown their second factor. */
export interface PendingSignIn {
  readonly subject: Subject;
  readonly roles: readonly string[];
  readonly providerSession: string | null;
  readonly sealedTokens: string | null;
  readonly application: string;
  /** Epoch milliseconds of the provider's answer. */
  readonly at: number;
  /** Base 32, while a second factor is being set up. */
  readonly enrolSecret: string | null;
  /** Somebody who comes in without the provider: the sealed code they showed, and when it last told of their roles. */
  readonly emergency?: { readonly hash: string; readonly rolesSeenAt: number };
  /** True once IT's code has permitted an enrolment from wherever they are. */
  readonly mayEnrolByCode?: boolean;
  /** The second factor, shown already, while the person is asked about their session elsewhere. */
  readonly proved?: FactorEvidence;
  /** The person asked for the factor to be remembered at this device; done once they are in. */
  readonly remembers?: boolean;
  /** The way over other applications, to find out whether this very browser is signed in there. */
  readonly joining?: Joining;
  /** Reference of the session at another application that this very browser has shown. */
  readonly joined?: string;
  /** Reference of the session of somebody else that stood at this desk before. */
  readonly switchedFrom?: string;
}

export interface Joining {
  /** What the answer must be sealed for; nobody but this interaction knows it. */
  readonly nonce: string;
  readonly returnTo: string;
  /** Applications still to be asked. */
  readonly left: readonly string[];
}

declare module 'express-session' {
  interface SessionData {
    pending?: PendingSignIn;
  }
}

/** Loads the interaction; only the routes that need one carry this. */
export function interactions(needs: SignInNeeds): RequestHandler {
  const secure = expressSession(needs, true);
  const plain = expressSession(needs, false);
  return (req, res, next) => {
    const { settings } = ownContext(needs, res);
    // Whether the connection is secure is the configuration's to say: behind a balancer the socket is not, and headers lie.
    Object.defineProperty(req, 'secure', { value: settings.secure, configurable: true });
    const run: RequestHandler = settings.secure ? secure : plain;
    void run(req, res, next);
  };
}

/** Who is on the way in; null when nobody is, or when it was for another application. */
export function pendingSignIn(needs: SignInNeeds, req: Request, res: Response): PendingSignIn | null {
  const { pending } = loaded(req);
  const { application } = ownContext(needs, res);
  const now = needs.clock.now();
  if (pending === undefined || pending.application !== application) return null;
  return now < pending.at + interactionSeconds * 1000 ? pending : null;
}

/** Starts or changes the interaction under a fresh id, saved before anything is answered. */
export async function setPending(req: Request, pending: PendingSignIn): Promise<void> {
  const current = loaded(req);
  await done((finished) => current.regenerate(finished));
  const fresh = loaded(req);
  // Both middlewares share one store, which makes new sessions with the options of whichever was set up last.
  fresh.cookie.secure = req.secure;
  fresh.pending = pending;
  await done((finished) => fresh.save(finished));
}

/** Saves a change without a new id: nothing was gained by it. */
export async function savePending(req: Request, pending: PendingSignIn): Promise<void> {
  const current = loaded(req);
  current.pending = pending;
  await done((finished) => current.save(finished));
}

/** Forgets the interaction, here and in the browser. */
export async function endInteraction(needs: SignInNeeds, req: Request, res: Response): Promise<void> {
  const current = loaded(req);
  await done((finished) => current.destroy(finished));
  res.append('Set-Cookie', setCookie('interaction', '', ownContext(needs, res).settings.secure, 0));
}

function expressSession(needs: SignInNeeds, secure: boolean): RequestHandler {
  return session({
    name: cookieName('interaction', secure),
    secret: [...needs.cookieSecrets],
    store: needs.interactions,
    genid: () => needs.randomness.id(),
    resave: false,
    saveUninitialized: false,
    rolling: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure, path: '/', maxAge: interactionSeconds * 1000 },
  });
}

/** express-session goes on without a session while its store is gone; that must not read as "nobody is signing in". */
function loaded(req: Request): Request['session'] {
  const current = req.session as Request['session'] | undefined;
  if (current === undefined)
    throw new Fault('session-store-unavailable', { detail: 'The sign-in interaction cannot be looked up' });
  return current;
}

async function done(run: (finished: (error?: unknown) => void) => void): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    run((error) => {
      if (error === undefined || error === null) resolve();
      else reject(new Fault('session-store-unavailable', { cause: error }));
    });
  });
}
